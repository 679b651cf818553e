/** The hidden tests of lab 3: the less obvious half of each rule, crashes at any moment, then clusters in trouble. */
import "./entries";
import "./restarts";
import "./crashes";
import "./overlapping-crashes";
import "./trouble";
