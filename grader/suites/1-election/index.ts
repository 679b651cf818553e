/** The hidden suite of lab 1: each rule of Figure 2 that elections need, then whole clusters in trouble. */
import "./waiting-and-terms";
import "./votes";
import "./elections";
import "./winning";
import "./leading";
import "./clusters";
