#include "server/answer_cache.h"

namespace rf::server {

std::optional<CachedAnswer> AnswerCache::find(std::string_view key, bool wants_gzip,
                                              Instant now) const {
  const StoreVersion present = version();
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) return std::nullopt;
  const Kept& kept = found->second;
  if (kept.version != present || now - kept.at >= kept_for_ || now < kept.at) return std::nullopt;
  const bool gzipped = wants_gzip && !kept.answer.gzipped.empty();
  CachedAnswer answer{.etag = kept.answer.etag, .body = {}, .gzipped = {}};
  (gzipped ? answer.gzipped : answer.body) = gzipped ? kept.answer.gzipped : kept.answer.body;
  return answer;
}

void AnswerCache::put(std::string_view key, CachedAnswer answer, const StoreVersion& version,
                      Instant now) {
  const std::size_t size = key.size() + answer.body.size() + answer.gzipped.size();
  if (kept_for_ <= Duration{0} || size > bytes_max_ / 4 || !is_settled(version, now)) return;
  const std::lock_guard lock(mutex_);
  // Rarely full: entries live for seconds. Then all go, which is simple and never wrong.
  if (bytes_ + size > bytes_max_) {
    kept_.clear();
    bytes_ = 0;
  }
  const auto found = kept_.find(key);
  if (found != kept_.end()) {
    bytes_ -= key.size() + found->second.answer.body.size() + found->second.answer.gzipped.size();
    kept_.erase(found);
  }
  bytes_ += size;
  kept_.emplace(key, Kept{.answer = std::move(answer), .version = version, .at = now});
}

}  // namespace rf::server
