"""The shop: products, orders, payments, and what goes wrong with them."""
