// TikTok's Business API v1.3 over the sandbox, strict: what the platform does not know, it refuses.

#pragma once

#include <memory>

#include "net/http.h"
#include "sim/faces/face.h"

namespace rf::sim {

class TiktokAnswers;

// Serves every TikTok account of the sandbox. Answers are HTTP 200 with a code in the envelope.
// Source: what the vendor's own client 1.1.3 sends, recorded, and the Business API's documents.
class TiktokFace {
 public:
  // REQUIRES: `sandbox` outlives this.
  TiktokFace(Sandbox& sandbox, FaceRules rules);
  ~TiktokFace();

  // Thread: any.
  net::Response answer(const net::Request& request);

  // Thread: under the sandbox's lock.
  CallBook& book() { return book_; }

 private:
  CallBook book_;
  std::unique_ptr<TiktokAnswers> answers_;
};

}  // namespace rf::sim
