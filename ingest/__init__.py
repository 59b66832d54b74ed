"""From a vendor's change log to typed entries: reading, splitting, classifying, dating; nothing stored."""
