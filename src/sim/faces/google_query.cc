#include "sim/faces/google_query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace rf::sim::google {
namespace {

constexpr std::size_t kQueryMax = 1 << 16;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-' || c == '/' || c == '~';
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

// Words, quoted texts, and marks of one or two characters.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) { next(); }

  const std::string& now() const { return word_; }
  bool is(std::string_view keyword) const { return !quoted_ && upper(word_) == keyword; }
  bool at_end() const { return word_.empty() && !quoted_; }

  std::string take() {
    std::string taken = word_;
    next();
    return taken;
  }

  bool take_if(std::string_view keyword) {
    if (!is(keyword)) return false;
    next();
    return true;
  }

 private:
  void next() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n' ||
                              text_.front() == '\t' || text_.front() == '\r')) {
      text_.remove_prefix(1);
    }
    quoted_ = false;
    word_.clear();
    if (text_.empty()) return;
    if (text_.front() == '"' || text_.front() == '\'') return quoted();
    std::size_t size = 0;
    while (size < text_.size() && is_word(text_[size])) ++size;
    if (size == 0) size = text_.size() > 1 && text_[1] == '=' ? 2 : 1;
    word_ = text_.substr(0, size);
    text_.remove_prefix(size);
  }

  void quoted() {
    const std::size_t end = text_.find(text_.front(), 1);
    quoted_ = true;
    word_ = text_.substr(1, end == std::string_view::npos ? end : end - 1);
    text_ = end == std::string_view::npos ? std::string_view() : text_.substr(end + 1);
  }

  std::string_view text_;
  std::string word_;
  bool quoted_ = false;
};

Error unexpected(const Words& words, std::string_view expected) {
  return fail(ErrorCode::invalid,
              fmt::format("found '{}' in the query, expected {}", words.now(), expected));
}

Result<std::vector<std::string>> read_values(Words& words, const std::string& op) {
  std::vector<std::string> values;
  if (op == "BETWEEN") {
    values.push_back(words.take());
    if (!words.take_if("AND")) return unexpected(words, "AND");
    values.push_back(words.take());
    return values;
  }
  if (op != "IN") {
    values.push_back(words.take());
    return values;
  }
  if (!words.take_if("(")) return unexpected(words, "(");
  do values.push_back(words.take());
  while (words.take_if(","));
  if (!words.take_if(")")) return unexpected(words, ")");
  return values;
}

Result<QueryCondition> read_condition(Words& words) {
  QueryCondition condition{.field = words.take(), .op = upper(words.take()), .values = {}};
  if (condition.field.empty()) return unexpected(words, "a condition");
  constexpr std::string_view kOps[] = {"=", "!=", ">", ">=", "<", "<=", "IN", "BETWEEN", "DURING"};
  if (std::ranges::find(kOps, condition.op) == std::end(kOps)) {
    return fail(ErrorCode::invalid, fmt::format("'{}' is no operator here", condition.op));
  }
  condition.values = RF_TRY(read_values(words, condition.op));
  return condition;
}

Status read_limit(Words& words, Query& query) {
  const std::string text = words.take();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), query.limit);
  if (error != std::errc() || end != text.data() + text.size() || query.limit == 0) {
    return fail(ErrorCode::invalid, fmt::format("LIMIT {}: expected a number above zero", text));
  }
  return {};
}

Status read_tail(Words& words, Query& query) {
  if (words.take_if("WHERE")) {
    do {
      QueryCondition condition = RF_TRY(read_condition(words));
      query.conditions.push_back(std::move(condition));
    } while (words.take_if("AND"));
  }
  if (words.take_if("ORDER")) {
    if (!words.take_if("BY")) return unexpected(words, "BY");
    query.order_field = words.take();
    query.descending = words.take_if("DESC");
    words.take_if("ASC");
  }
  if (words.take_if("LIMIT")) RF_TRY(read_limit(words, query));
  if (words.take_if("PARAMETERS")) {
    while (!words.at_end()) words.take();
  }
  if (!words.at_end()) return unexpected(words, "the end");
  return {};
}

}  // namespace

Result<Query> parse_query(std::string_view text) {
  if (text.size() > kQueryMax) return fail(ErrorCode::invalid, "the query is too long");
  Words words(text);
  Query query;
  if (!words.take_if("SELECT")) return unexpected(words, "SELECT");
  do query.fields.push_back(words.take());
  while (words.take_if(","));
  if (!words.take_if("FROM")) return unexpected(words, "FROM");
  query.resource = words.take();
  if (query.resource.empty()) return unexpected(words, "a resource");
  RF_TRY(read_tail(words, query));
  return query;
}

}  // namespace rf::sim::google
