// Answers of reads, kept while the store stays as it was.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "server/store_version.h"

namespace rf::server {

struct CachedAnswer {
  std::string etag;
  std::string body;
  std::string gzipped;  // Empty where that would not be shorter.
};

// Thread: any.
class AnswerCache {
 public:
  // `kept_for`: how long an answer may stand though the store did not change, because it may depend
  // on the time of day. 0 keeps nothing.
  AnswerCache(std::string store_path, Duration kept_for, std::size_t bytes_max)
      : store_path_(std::move(store_path)), kept_for_(kept_for), bytes_max_(bytes_max) {}

  // The part of the answer that `wants_gzip` asks for is there, the other may be left empty.
  std::optional<CachedAnswer> find(std::string_view key, bool wants_gzip, Instant now) const;

  // `version`: of the store before the answer was worked out; see store_version.h.
  void put(std::string_view key, CachedAnswer answer, const StoreVersion& version, Instant now);

  StoreVersion version() const { return store_version(store_path_); }

 private:
  struct Kept {
    CachedAnswer answer;
    StoreVersion version;
    Instant at;
  };

  std::string store_path_;
  Duration kept_for_;
  std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_;
  std::size_t bytes_ = 0;
};

}  // namespace rf::server
