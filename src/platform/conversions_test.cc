#include "platform/conversions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/script_for_test.h"

namespace rf::platform {
namespace {

using testing::HasSubstr;

// Golden values of the vendors' clients and documents.
TEST(PersonHash, EqualsTheVendorsValues) {
  EXPECT_EQ(meta_email(" John_Smith@GMAIL.com "),
            "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f");
  EXPECT_EQ(meta_phone("+1 (650) 555-1212"),
            "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176");
  EXPECT_EQ(meta_name("Mary"), "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec");
  EXPECT_EQ(meta_place("San Francisco"),
            "1a6bd4d9d79dc0a79b53795c70d3349fa9e38968a3fbefbfe8783efb1d2b6aac");
  EXPECT_EQ(meta_place("CA"), "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126");
  EXPECT_EQ(meta_zip("94035-1234"),
            "1794327a4d443904421f5ca1f3d72d0a62ba2f0770d80755ec2220fc0efb052e");
  EXPECT_EQ(meta_country("US"), "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621");
  EXPECT_EQ(meta_gender("Female"),
            "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111");
  EXPECT_EQ(meta_birth_date("1997-02-16"),
            "01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c");
  EXPECT_EQ(tiktok_email("alice_abc@gmail.com"),
            "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f");
  EXPECT_EQ(tiktok_phone("+12133734253"),
            "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd");
}

TEST(PersonHash, WhatIsHashedStaysAndWhatIsNothingIsNone) {
  const std::string hash = meta_name("Mary").value();
  EXPECT_EQ(meta_name(hash), hash);
  EXPECT_EQ(meta_email(hash), hash);
  for (const char* none : {"", "nobody", "@", "a@b"}) EXPECT_FALSE(meta_email(none)) << none;
  EXPECT_FALSE(meta_phone("12"));
  EXPECT_FALSE(tiktok_phone("0170 1234567"));  // Without its country nobody can match it.
  EXPECT_EQ(meta_name("ÉLODIE"), meta_name("élodie"));
}

OutgoingConversion order(std::string id, Instant at) {
  OutgoingConversion event;
  event.order_id = std::move(id);
  event.at = at;
  event.value = Money{123'450'000, Currency::parse("USD").value()};
  event.items = {{.id = "sku1", .quantity = 1, .price_micros = 123'450'000}};
  event.page = "https://shop.example/thanks";
  event.person = {.email = "John_Smith@gmail.com",
                  .phone = "+1 (650) 555-1212",
                  .first_name = "Mary",
                  .gender = "f",
                  .birth_date = "19970216",
                  .city = "San Francisco",
                  .state = "CA",
                  .zip = "94035-1234",
                  .country = "US",
                  .external_id = "user-1",
                  .ip = "203.0.113.5",
                  .user_agent = "UA",
                  .fbc = "fb.1.1554763741205.AbC",
                  .fbp = "fb.1.1558571054389.1098115397"};
  return event;
}

TEST(Conversions, AnEventEqualsTheVendorsClientsFieldByField) {
  const auto theirs = recorded_like("meta.jsonl", "POST", "/99/events");
  if (!theirs) GTEST_SKIP() << "no recordings here";
  OutgoingConversion event = order("o-1", Instant(std::chrono::seconds(1'795'237'733)));
  const Json ours = parse_json(meta_event(event)).value();
  JsonObject expected = theirs->body.at("data").at(0).get_object();
  expected["event_id"] = "o-1";  // There an id of its own; here always the order's.
  for (const auto& member : expected) {
    ASSERT_TRUE(ours.get_object().contains(member.key())) << std::string(member.key());
    EXPECT_EQ(ours.at(member.key()), member.value()) << std::string(member.key());
  }
  EXPECT_EQ(ours.get_object().size(), expected.size());
}

std::unique_ptr<ConversionSender> meta(ScriptedLine& script) {
  MetaConversionSettings settings;
  settings.pixel = "99";
  settings.access_token = Secret("TOKEN");
  return open_meta_conversions(settings, script.line()).value();
}

constexpr const char* kRefused = R"({"error":{"message":"bad event","code":100}})";

TEST(Conversions, OneBadEventKeepsNoOtherBack) {
  ScriptedLine script;
  std::vector<OutgoingConversion> events;
  events.reserve(4);
  for (int i = 0; i < 4; ++i) events.push_back(order("o-" + std::to_string(i), script.clock.now()));
  // All four, the first two, then each of the last two: the fourth is the bad one.
  for (const char* answer :
       {kRefused, R"({"events_received":2})", kRefused, R"({"events_received":1})", kRefused})
    script.http.answer(answer);
  const auto sent = meta(script)->send(events);
  ASSERT_EQ(sent.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_FALSE(sent[i].error) << i;
  ASSERT_TRUE(sent[3].error);
  EXPECT_EQ(sent[3].error->code, ErrorCode::invalid);
  EXPECT_EQ(script.http.asked.size(), 5U);
}

TEST(Conversions, WhatCannotBeTakenIsNotSent) {
  ScriptedLine script;
  const Instant now = script.clock.now();
  std::vector<OutgoingConversion> events{order("old", now - std::chrono::hours(169)),
                                         order("future", now + std::chrono::seconds(1)),
                                         order("", now), order("nobody", now), order("free", now)};
  events[3].person = {};
  events[4].value = {};
  const auto sent = meta(script)->send(events);
  EXPECT_TRUE(script.http.asked.empty());
  for (const SentConversion& each : sent) {
    ASSERT_TRUE(each.error) << each.order_id;
    EXPECT_EQ(each.error->code, ErrorCode::invalid);
  }
  EXPECT_THAT(sent[0].error->message, HasSubstr("older than 7 days"));
}

TEST(Conversions, AnEndedTokenStopsTheRest) {
  ScriptedLine script;
  std::vector<OutgoingConversion> events;
  events.reserve(1500);
  for (int i = 0; i < 1500; ++i) events.push_back(order("o", script.clock.now()));
  script.http.answer(R"({"error":{"message":"ended","code":190}})");
  const auto sent = meta(script)->send(events);
  EXPECT_EQ(script.http.asked.size(), 1U);
  EXPECT_EQ(sent.front().error->code, ErrorCode::denied);
  EXPECT_EQ(sent.back().error->code, ErrorCode::denied);
}

// The example of the Events API's document.
TEST(Conversions, TiktoksEventHasItsOwnForm) {
  ScriptedLine script;
  TiktokConversionSettings settings;
  settings.pixel = "PIXELCODE";
  settings.access_token = Secret("T");
  script.http.answer(R"({"code":0,"message":"OK","data":{}})");
  OutgoingConversion event = order("o-1", script.clock.now());
  const std::vector<OutgoingConversion> events{event};
  const auto sent = open_tiktok_conversions(settings, script.line()).value()->send(events);
  EXPECT_FALSE(sent.front().error);
  const Parts parts = parts_of(script.http.asked.front());
  EXPECT_EQ(parts.path, "/open_api/v1.3/event/track/");
  EXPECT_EQ(parts.body.at("event_source"), "web");
  const Json& first = parts.body.at("data").at(0);
  EXPECT_EQ(first.at("event_id"), "o-1");
  EXPECT_EQ(first.at("properties").at("value"), 123.45);
  EXPECT_NE(first.at("user").at("phone").at(0),
            parse_json(meta_event(event)).value().at("user_data").at("ph").at(0));
}

}  // namespace
}  // namespace rf::platform
