// Google Ads' REST API over the sandbox: queries, and updates of status and budget. Strict: what
// the platform does not know, it refuses.

#pragma once

#include <memory>

#include "net/http.h"
#include "sim/faces/face.h"

namespace rf::sim {

class GoogleAnswers;

// Serves every Google account of the sandbox, and its token server at /token. Creating is not
// imitated and answered with UNIMPLEMENTED.
// Source: Google Ads API protos v24; what the npm client google-ads-api 24.1.0 sends, recorded.
class GoogleFace {
 public:
  // REQUIRES: `sandbox` outlives this.
  GoogleFace(Sandbox& sandbox, FaceRules rules);
  ~GoogleFace();

  // Thread: any.
  net::Response answer(const net::Request& request);

  // Thread: under the sandbox's lock.
  CallBook& book() { return book_; }

 private:
  CallBook book_;
  std::unique_ptr<GoogleAnswers> answers_;
};

}  // namespace rf::sim
