"""Events in, findings out: attribution, one streaming pass, the ledger of findings."""
