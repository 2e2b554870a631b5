"""lxml by itself: a document is parsed and validated. Arguments: the schema, the document.

For each number of seconds in a line of standard input it does so for so long, and answers with how often, and in how
many seconds of processor time.
"""

import sys
import time

from lxml import etree


def main():
    _, schema_file, document_file = sys.argv
    schema = etree.XMLSchema(etree.parse(schema_file))
    with open(document_file, "rb") as file:
        document = file.read()
    schema.assertValid(etree.fromstring(document))
    for line in sys.stdin:
        until = time.perf_counter() + float(line)
        began = time.process_time()
        count = 0
        while time.perf_counter() < until or count == 0:
            schema.validate(etree.fromstring(document))
            count += 1
        print(count, time.process_time() - began, flush=True)


if __name__ == "__main__":
    main()
