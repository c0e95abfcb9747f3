"""Facts of the field as data, each with source, licence and date."""
