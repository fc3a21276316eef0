// The oracle's registry: what a certificate or licence was at an instant, of what kind, for whom, and what goods of a
// product code needed; from the facts of one credential or of `control` in the order they arrived. Naive: every question
// is answered from the list. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "zaojing/v1/certificate.pb.h"
#include "zaojing/v1/control.pb.h"

namespace zaojing::oracle {

// The sixteen digits of a number that has them; else empty.
std::string Sixteen(const std::string& shown);
// Written in the histories as licence numbers are printed.
bool IsLicence(const std::string& shown);
// What credentials are told apart by; empty for what is none.
std::string Credential(const std::string& shown);

struct Status {
  bool known = false;
  bool pending = false;  // not yet valid
  v1::CertificateStatus status = v1::CERTIFICATE_STATUS_UNSPECIFIED;
  bool over = false;  // the end of its validity, as last stated, has come
  std::string fact;
};
Status StatusAt(const std::vector<v1::Certificate>& facts, int64_t now);
// Back through every instant at which something known of it begins or ends, as long as it was known and not valid.
int64_t NotValidSince(const std::vector<v1::Certificate>& facts, int64_t now);
// The last fact, by effective date, that says by now anything of whom and what the certificate is for.
const v1::Certificate* ScopeAt(const std::vector<v1::Certificate>& facts, const std::string& deciding, int64_t now);

// Of which kind what is shown is: by what the last fact that says so says by now, else by the form of its number.
int KindAt(const std::vector<v1::Certificate>& facts, const std::string& shown, int64_t now);

// What a code needs at an instant: nothing known, or a set of kinds.
using Needs = std::set<int>;
Needs NeedsAt(const std::vector<v1::Control>& control, const std::string& code, int64_t now);
// Such needs are not met by a credential of the kind. A certificate is more than a self-declaration.
bool Refused(const Needs& needs, int kind);
// Back through the dates on which something began to be needed, as long as it refused the kind.
int64_t RefusedSince(const std::vector<v1::Control>& control, const std::string& code, int kind, int64_t now);

}  // namespace zaojing::oracle
