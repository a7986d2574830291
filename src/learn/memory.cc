#include "learn/memory.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "base/sha256.h"

namespace rf::learn {
namespace {

// Eight bytes that begin a serialised memory; the last is the version of the form.
constexpr std::string_view kMagic = "RFMEMRY1";
constexpr std::size_t kChecksumSize = 64;

// A graph is asked for this many times more than wanted, because what does not pass is dropped.
constexpr std::size_t kFilterFactor = 4;

constexpr std::size_t kTextMax = std::size_t{1} << 20;
constexpr std::size_t kDimsMax = 65'536;

void put_bytes(std::string& bytes, const void* from, std::size_t size) {
  const std::size_t at = bytes.size();
  bytes.resize(at + size);
  std::memcpy(bytes.data() + at, from, size);
}

template <typename Number>
void put(std::string& bytes, Number number) {
  put_bytes(bytes, &number, sizeof number);
}

void put_text(std::string& bytes, std::string_view text) {
  put(bytes, static_cast<std::uint64_t>(text.size()));
  bytes += text;
}

std::array<std::string Remembered::*, 6> texts() {
  return {&Remembered::key,      &Remembered::account,   &Remembered::industry,
          &Remembered::platform, &Remembered::placement, &Remembered::objective};
}

std::array<double, 7> numbers_of(const Remembered& item) {
  return {item.rate, item.rate_interval.low, item.rate_interval.high,
          item.lift, item.lift_interval.low, item.lift_interval.high,
          item.n};
}

// Reads what put() wrote; once something is missing nothing more is read.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  std::size_t left() const { return bytes_.size(); }

  template <typename Number>
  Number number() {
    Number value{};
    take(&value, sizeof value);
    return value;
  }

  std::string text() {
    const auto size = number<std::uint64_t>();
    if (size > kTextMax || size > bytes_.size()) ok_ = false;
    if (!ok_) return {};
    std::string value(bytes_.substr(0, static_cast<std::size_t>(size)));
    bytes_.remove_prefix(value.size());
    return value;
  }

  void take(void* to, std::size_t size) {
    if (size > bytes_.size()) ok_ = false;
    if (!ok_) return;
    std::memcpy(to, bytes_.data(), size);
    bytes_.remove_prefix(size);
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace

bool Remembered::operator==(const Remembered& other) const {
  return std::ranges::all_of(texts(),
                             [&](auto member) { return this->*member == other.*member; }) &&
         numbers_of(*this) == numbers_of(other);
}

Fate fate_of(const Remembered& item) {
  if (item.lift_interval.low > 0) return Fate::winner;
  return item.lift_interval.high < 0 ? Fate::loser : Fate::unsure;
}

Status Memory::remember(Remembered item, std::span<const float> vector) {
  if (vector.size() != dims_) {
    return fail(ErrorCode::invalid, item.key + ": found a vector of " +
                                        std::to_string(vector.size()) + " numbers, expected " +
                                        std::to_string(dims_));
  }
  if (!std::ranges::all_of(vector, [](float value) { return std::isfinite(value); })) {
    return fail(ErrorCode::invalid, item.key + ": found a number that is not finite");
  }
  if (graph_) RF_TRY(graph_->add(vector));
  if (cells_) cells_->add(vector);
  forget(item.key);
  by_key_.emplace(item.key, static_cast<std::uint32_t>(items_.size()));
  items_.push_back(std::move(item));
  gone_.push_back(false);
  vectors_.insert(vectors_.end(), vector.begin(), vector.end());
  return {};
}

bool Memory::forget(std::string_view key) {
  auto found = by_key_.find(key);
  if (found == by_key_.end()) return false;
  gone_[found->second] = true;
  if (cells_) cells_->remove(found->second);
  if (graph_) graph_->remove(found->second);
  by_key_.erase(found);
  return true;
}

const Remembered* Memory::find(std::string_view key) const {
  auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &items_[found->second];
}

bool Memory::passes(std::uint32_t item, const MemoryFilter& filter) const {
  const Remembered& each = items_[item];
  auto fits = [](const std::string& wanted, const std::string& found) {
    return wanted.empty() || wanted == found;
  };
  return !gone_[item] && fits(filter.industry, each.industry) &&
         fits(filter.platform, each.platform) && fits(filter.objective, each.objective) &&
         (!filter.fate || *filter.fate == fate_of(each)) &&
         each.rate_interval.low >= filter.rate_low_min;
}

std::vector<Recollection> Memory::recall(std::span<const float> query, std::size_t k,
                                         const MemoryFilter& filter) const {
  RF_CHECK(query.size() == dims_);
  const Keep keep = [&](std::uint32_t item) { return passes(item, filter); };
  std::vector<Neighbour> nearest;
  if (cells_) nearest = cells_->nearest(query, k, probes_, keep);
  if (graph_) {
    const std::size_t wanted = k * kFilterFactor;
    nearest = graph_->nearest(query, wanted, std::max(breadth_, wanted));
    std::erase_if(nearest, [&keep](const Neighbour& each) { return !keep(each.item); });
    if (nearest.size() > k) nearest.resize(k);
  }
  if (nearest.size() < k) {
    nearest = nearest_exactly({.values = vectors_, .dims = dims_}, query, k, keep);
  }
  std::vector<Recollection> found;
  found.reserve(nearest.size());
  for (const Neighbour& each : nearest) {
    found.push_back({.item = &items_[each.item], .distance = each.distance});
  }
  return found;
}

Status Memory::arrange(std::size_t threads) {
  cells_.reset();
  graph_.reset();
  if (items_.size() <= kScanMax) return {};
  const VectorTable table{.values = vectors_, .dims = dims_};
  // Nothing is removed yet: while they are tried, the table and the arrangement hold the same.
  CellIndex cells = CellIndex::build(table, threads);
  const Rehearsal rehearsal = rehearse(table, 10);
  probes_ = probes_for(cells, rehearsal, 10, kRecall);
  if (worth_probing(probes_, cells.cells())) {
    cells_ = std::move(cells);
  } else {
    graph_ = RF_TRY(NearestGraph::build(table, {.threads = threads}));
    breadth_ = breadth_for(*graph_, rehearsal, 10, kRecall);
  }
  for (std::uint32_t i = 0; i < items_.size(); ++i) {
    if (!gone_[i]) continue;
    if (cells_) cells_->remove(i);
    if (graph_) graph_->remove(i);
  }
  return {};
}

std::string Memory::to_bytes() const {
  std::string bytes(kMagic);
  put(bytes, static_cast<std::uint64_t>(dims_));
  put(bytes, static_cast<std::uint64_t>(by_key_.size()));
  // In the order in which they came, so that equals are found in the same order again.
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (gone_[i]) continue;
    for (auto member : texts()) put_text(bytes, items_[i].*member);
    for (double number : numbers_of(items_[i])) put(bytes, number);
    put_bytes(bytes, vectors_.data() + i * dims_, dims_ * sizeof(float));
  }
  return bytes + sha256_hex(bytes);
}

Result<Memory> Memory::from_bytes(std::string_view bytes) {
  auto broken = [](std::string_view what) {
    return fail(ErrorCode::corrupt, "memory: " + std::string(what));
  };
  if (bytes.size() < kMagic.size() + kChecksumSize || !bytes.starts_with(kMagic.substr(0, 7))) {
    return broken("these are not its bytes");
  }
  if (!bytes.starts_with(kMagic)) {
    return fail(ErrorCode::unsupported, "memory: was written by a later version");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksumSize);
  if (sha256_hex(body) != bytes.substr(body.size())) return broken("the checksum is another");
  ByteReader reader(body.substr(kMagic.size()));
  const auto dims = reader.number<std::uint64_t>();
  const auto count = reader.number<std::uint64_t>();
  if (!reader.ok() || dims == 0 || dims > kDimsMax) return broken("the dimensions are impossible");
  Memory memory(static_cast<std::size_t>(dims));
  std::vector<float> vector(memory.dims_);
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    Remembered item;
    for (auto member : texts()) item.*member = reader.text();
    std::array<double, 7> numbers{};
    reader.take(numbers.data(), sizeof numbers);
    reader.take(vector.data(), vector.size() * sizeof(float));
    if (!reader.ok()) return broken("ends inside an item");
    item.rate = numbers[0];
    item.rate_interval = {.low = numbers[1], .high = numbers[2]};
    item.lift = numbers[3];
    item.lift_interval = {.low = numbers[4], .high = numbers[5]};
    item.n = numbers[6];
    RF_TRY(memory.remember(std::move(item), vector));
  }
  if (!reader.at_end() || memory.size() != count)
    return broken("holds something else than it says");
  return memory;
}

}  // namespace rf::learn
