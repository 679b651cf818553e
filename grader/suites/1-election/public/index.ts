/**
 * The public tests of lab 1, which students run with `npm run check`: of each task the plain rule. Nothing here may
 * import from the hidden tests, which are not in a student's copy of the repository.
 */
import "./waiting-and-terms";
import "./votes";
import "./elections";
import "./winning";
import "./leading";
import "./clusters";
