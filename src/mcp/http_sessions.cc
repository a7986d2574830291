#include "mcp/http_sessions.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "mcp/listeners.h"
#include "net/secret.h"

namespace rf::mcp {
namespace {

// Chosen: more clients than one account has people and programs.
constexpr std::size_t kSessionsMax = 256;

// Chosen: a person has gone away who does not answer for so long.
constexpr int kPatienceSeconds = 300;

}  // namespace

void HttpSession::begin(const Json& id) {
  const std::lock_guard lock(mutex_);
  running_[to_text(id)] = false;
}

void HttpSession::end(const Json& id) {
  const std::lock_guard lock(mutex_);
  running_.erase(to_text(id));
}

void HttpSession::cancel(const Json& id) {
  const std::lock_guard lock(mutex_);
  if (auto call = running_.find(to_text(id)); call != running_.end()) call->second = true;
  wake_.notify_all();
}

bool HttpSession::is_cancelled(const Json& id) const {
  const std::lock_guard lock(mutex_);
  auto call = running_.find(to_text(id));
  return closed_ || (call != running_.end() && call->second);
}

std::string HttpSession::open_question() {
  const std::lock_guard lock(mutex_);
  std::string question = fmt::format("question-{}", ++asked_);
  questions_[question];
  return question;
}

void HttpSession::answer(const Json& id, const JsonObject& answer) {
  const std::lock_guard lock(mutex_);
  const auto* text = id.if_string();
  if (text == nullptr) return;
  auto question = questions_.find(std::string(*text));
  if (question == questions_.end() || question->second) return;
  question->second = answer;
  wake_.notify_all();
}

std::optional<JsonObject> HttpSession::wait_for_answer(const std::string& question,
                                                       const std::function<bool()>& wanted) {
  std::unique_lock lock(mutex_);
  for (int second = 0; second < kPatienceSeconds; ++second) {
    const bool over = wake_.wait_for(lock, std::chrono::seconds(1),
                                     [&] { return closed_ || questions_[question].has_value(); });
    if (over) break;
    lock.unlock();
    const bool go_on = wanted();
    lock.lock();
    if (!go_on) break;
  }
  std::optional<JsonObject> answer = std::move(questions_[question]);
  questions_.erase(question);
  return answer;
}

void HttpSession::listen_on(net::EventStream stream) {
  const std::lock_guard lock(mutex_);
  if (stream_) stream_->close();
  stream_ = stream;
  if (closed_) stream_->close();
}

void HttpSession::announce(const Change& change) {
  if (change.what == Change::What::resource && !session.watches(change.uri)) return;
  const std::lock_guard lock(mutex_);
  if (stream_)
    stream_->send({.id = "", .name = "", .data = to_text(change_message(change, nullptr))});
}

void HttpSession::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (stream_) stream_->close();
  wake_.notify_all();
}

HttpSessions::Lease::Lease(Lease&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)),
      id_(std::move(other.id_)),
      session_(other.session_) {}

HttpSessions::Lease::~Lease() {
  if (table_ != nullptr) table_->give_back(id_);
}

HttpSessions::Lease HttpSessions::open(Instant now) {
  const std::lock_guard lock(mutex_);
  if (rows_.size() >= kSessionsMax) close_oldest();
  std::string id = net::new_secret();
  Row& row = rows_[id];
  row.session = std::make_unique<HttpSession>();
  row.used = now;
  row.leases = 1;
  return {*this, std::move(id), *row.session};
}

std::optional<HttpSessions::Lease> HttpSessions::find(const std::string& id, Instant now) {
  const std::lock_guard lock(mutex_);
  auto row = rows_.find(id);
  if (row == rows_.end() || row->second.closed) return std::nullopt;
  row->second.used = now;
  row->second.leases += 1;
  return Lease(*this, id, *row->second.session);
}

bool HttpSessions::close(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto row = rows_.find(id);
  if (row == rows_.end() || row->second.closed) return false;
  row->second.closed = true;
  row->second.session->close();
  if (row->second.leases == 0) rows_.erase(row);
  return true;
}

void HttpSessions::announce(const Change& change) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, row] : rows_) {
    if (!row.closed) row.session->announce(change);
  }
}

void HttpSessions::give_back(const std::string& id) {
  const std::lock_guard lock(mutex_);
  auto row = rows_.find(id);
  RF_CHECK(row != rows_.end() && row->second.leases > 0);
  row->second.leases -= 1;
  if (row->second.leases == 0 && row->second.closed) rows_.erase(row);
}

void HttpSessions::close_oldest() {
  auto oldest = rows_.end();
  for (auto row = rows_.begin(); row != rows_.end(); ++row) {
    const bool idle = row->second.leases == 0;
    if (idle && (oldest == rows_.end() || row->second.used < oldest->second.used)) oldest = row;
  }
  if (oldest == rows_.end()) return;
  oldest->second.session->close();
  rows_.erase(oldest);
}

}  // namespace rf::mcp
