/** The tests of lab 2 that only grading runs: what is subtle, all that is late, doubled or out of order, and bad luck. */
import "./proposing";
import "./votes";
import "./storing";
import "./old-requests";
import "./sending";
import "./budgets";
import "./replies";
import "./old-replies";
import "./committing";
import "./figure-8";
import "./back-up";
import "./figure-7";
import "./clusters";
import "./late-votes";
import "./losses";
import "./swarms";
import "./search";
