"""The catalogue that the shop opens with."""

from __future__ import annotations

from decimal import Decimal

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.text import slugify

PRODUCTS = (
    ("Coffee", "Moka pot", "Six cups, aluminium, for every stove.", "34.90", 120),
    ("Coffee", "Hand grinder", "Steel burrs, thirty settings.", "89.00", 60),
    ("Coffee", "Espresso machine", "Two boilers, rotary pump, warm in five minutes.", "1249.00", 12),
    ("Coffee", "House blend 1 kg", "Roasted on Monday, chocolate and hazelnut.", "24.50", 400),
    ("Tea", "Glass teapot", "Holds a litre, with a sieve of steel.", "29.90", 80),
    ("Tea", "Sencha 100 g", "First flush, Kagoshima.", "12.80", 300),
    ("Tea", "Assam 250 g", "Strong, malty, takes milk.", "9.90", 300),
    ("Kitchen", "Bread knife", "Twenty-six centimetres, walnut handle.", "74.00", 40),
    ("Kitchen", "Cast iron pan", "Made to be inherited.", "59.00", 70),
    ("Kitchen", "Linen towel", "Washed soft, Grüße aus Schlesien.", "14.00", 250),
    ("Books", "The slow kitchen", "Two hundred recipes that wait for you.", "32.00", 90),
    ("Books", "Café crème", "A year in a Paris roastery.", "18.50", 110),
)


def stock_up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the products on the shelf."""
    product = apps.get_model("shop", "Product")
    product.objects.bulk_create(
        product(
            category=category,
            name=name,
            slug=slugify(name),
            description=description,
            price=Decimal(price),
            stock=stock,
        )
        for category, name, description, price, stock in PRODUCTS
    )


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(stock_up, migrations.RunPython.noop)]
