"""Verifies one message with the standard-webhooks library for Python: reads
{"secret", "body", "headers"} from standard input, exits 0 if it is genuine."""

import json
import sys

from standardwebhooks.webhooks import Webhook

message = json.load(sys.stdin)
Webhook(message["secret"]).verify(message["body"], message["headers"])
