import "./client";
import "./server";
import "./store";
import "./retries";
import "./staged";
import "./load";
import "./search";
