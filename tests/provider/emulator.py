#!/usr/bin/env python3
"""moto_server, with what stops this project's stacks set right, and with what AWS answers when a stack has lived.

Usage: emulator.py -H 127.0.0.1 -p PORT        (the arguments of moto_server)

AIRLINE_PROVIDER_MOTO names a script that fills gaps of moto and has the emulator of Redshift Serverless in `serverless`.
redshift.py is what the warehouse answers, motion.py what is refused while things change.
"""

import os
import runpy
import sys

import moto.server
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

import motion
import redshift


def get_permission(bucket, action, resource):
    # moto evaluates bucket policies without their conditions: a denial of requests without TLS would deny every request.
    return PermissionResult.NEUTRAL


FakeBucket.get_permission = get_permission
redshift.patch()
motion.patch()
filled = runpy.run_path(os.environ["AIRLINE_PROVIDER_MOTO"], run_name="filled")
redshift.serverless(filled["serverless"])

application = moto.server.DomainDispatcherApplication.__call__
moto.server.DomainDispatcherApplication.__call__ = lambda self, environ, start_response: motion.Door(
    lambda e, s: application(self, e, s))(environ, start_response)
moto.server.main(sys.argv[1:])
