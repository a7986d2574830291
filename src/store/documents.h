// What is kept in the store as one document.

#pragma once

#include <optional>
#include <string_view>

#include "base/described.h"
#include "base/result.h"
#include "model/ids.h"
#include "store/store.h"

namespace rf {

// Errors: corrupt, when what is kept does not fit.
template <typename Document>
Result<Document> document_in(const Json& json, std::string_view name) {
  Result<Document> document = from_json<Document>(json, name);
  if (!document) return fail(ErrorCode::corrupt, document.error().message);
  return document;
}

// None where none was kept.
// Errors: those of the store; corrupt.
template <typename Document>
Result<std::optional<Document>> kept_document(Store& store, const AccountId& owner,
                                              std::string_view name) {
  const std::optional<Json> json = RF_TRY(store.document(owner, name));
  if (!json) return std::optional<Document>();
  return std::optional<Document>(RF_TRY(document_in<Document>(*json, name)));
}

// A new one where none was kept. Errors: as above.
template <typename Document>
Result<Document> document_of(Store& store, const AccountId& owner, std::string_view name) {
  const std::optional<Json> json = RF_TRY(store.document(owner, name));
  if (!json) return Document();
  return document_in<Document>(*json, name);
}

}  // namespace rf
