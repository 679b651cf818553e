/**
 * The public tests of lab 2, which students run with `npm run check`: of each task the plain rule. Nothing here may
 * import from the hidden tests, which are not in a student's copy of the repository.
 */
import "./proposing";
import "./votes";
import "./storing";
import "./sending";
import "./committing";
import "./back-up";
import "./clusters";
