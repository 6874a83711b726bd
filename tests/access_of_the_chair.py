"""What the chair of governors gets where it is not what the columns `aside` and `head` of `test_access.py` say.

With nothing passed on the chair is like somebody who stepped aside. Once the one Executive Head is named in the case
it is passed on, and the chair is like a head in it.
"""

from __future__ import annotations

CHAIR_GET = """
                        chair passed
dashboard               302   302
person-write-anyway     404   200
contact-list            403   403
mailing-list            403   403
mailing-start           403   403
mailing                 403   403
mailing-preview         403   403
contact-import          403   403
contact-import-columns  403   403
contact-import-preview  403   403
contact                 404   404
contact-change          403   403
flag-set                404   404
flag-lift               404   404
family-add              403   403
proposal-decide         404   200
approval-list           200   200
step-legal              403   403
legal-pack              403   403
advice-add              403   403
ban-register            403   403
evidence-original-open  404   200
template-list           403   403
template-change         403   403
template-preview        403   403
template-versions       403   403
rights                  403   403
access-log              403   403
"""
CHAIR_POST = """
                        chair passed
concern-email           404   404
concern-letter          404   404
person-write-anyway     404   .
mailing-start           403   403
mailing                 403   403
mailing-preview         403   403
mailing-autosave        403   403
contact-import          403   403
contact-import-columns  403   403
contact-import-preview  403   403
contact-change          403   403
contact-unlist          403   403
flag-set                404   404
flag-lift               404   404
family-add              403   403
family-remove           403   403
case-unlink             404   404
evidence-original-open  404   .
proposal-decide         404   .
step-legal              403   403
advice-add              403   403
template-change         403   403
template-preview        403   403
template-restore        403   403
"""
