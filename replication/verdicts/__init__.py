"""How claims are judged: statistics, rules, and the evidence that they are handed."""
