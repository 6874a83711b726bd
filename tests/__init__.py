"""The portal's tests, in the shape of the portal."""
