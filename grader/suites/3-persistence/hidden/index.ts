/** The hidden tests of lab 3: the less obvious half of each rule, crashes at any moment, then clusters in trouble. */
import "./entries";
import "./remembered-terms";
import "./remembered-logs";
import "./applied-again";
import "./crashes-and-votes";
import "./crashes-and-logs";
import "./overlapping-crashes";
import "./trouble";
import "./search";
