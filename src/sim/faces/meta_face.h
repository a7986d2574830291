// Meta's Marketing API over the sandbox, strict: what the platform does not know, it refuses.

#pragma once

#include <memory>

#include "net/http.h"
#include "sim/faces/face.h"

namespace rf::sim {

class MetaAnswers;

// Serves every Meta account of the sandbox. Versions v24.0 to v26.0.
// Source: what the vendor's own client 24.0.1 sends, recorded, and the Marketing API's documents.
class MetaFace {
 public:
  // REQUIRES: `sandbox` outlives this.
  MetaFace(Sandbox& sandbox, FaceRules rules);
  ~MetaFace();

  // Thread: any.
  net::Response answer(const net::Request& request);

  // Thread: under the sandbox's lock.
  CallBook& book() { return book_; }

 private:
  CallBook book_;
  std::unique_ptr<MetaAnswers> answers_;
};

}  // namespace rf::sim
