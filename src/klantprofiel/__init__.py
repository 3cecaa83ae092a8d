"""From raw deliveries to a defensible choice of customers, in one house."""
