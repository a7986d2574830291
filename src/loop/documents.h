// What the loop keeps in the store as one document.

#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/described.h"
#include "base/result.h"
#include "model/ids.h"
#include "store/store.h"

namespace rf::loop {

// A new one where none was kept.
// Errors: those of the store; corrupt, when what is kept does not fit.
template <typename Document>
Result<Document> document_of(Store& store, const AccountId& owner, std::string_view name) {
  std::optional<Json> json = RF_TRY(store.document(owner, name));
  if (!json) return Document();
  Result<Document> document = from_json<Document>(*json, name);
  if (!document) return fail(ErrorCode::corrupt, document.error().message);
  return document;
}

}  // namespace rf::loop
