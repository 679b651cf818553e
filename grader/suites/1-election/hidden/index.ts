/** The hidden tests of lab 1: the less obvious half of each rule, then clusters in trouble. */
import "./votes";
import "./elections";
import "./winning";
import "./leading";
import "./clusters";
import "./search";
