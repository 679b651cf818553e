/**
 * The public tests of lab 3, which students run with `npm run check`: of each task the plain rule. Nothing here may
 * import from the hidden tests, which are not in a student's copy of the repository.
 */
import "./votes";
import "./entries";
import "./restarts";
import "./clusters";
