import "./client";
import "./server";
import "./store";
import "./cluster";
