// Letters, as they are written and as a mail server hears them.

#include "net/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/mail_sink_for_test.h"

namespace rf::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

Letter letter() {
  return {.from = "reelforge@example.com",
          .to = {"ann@example.com", "bob@example.com"},
          .subject = "Sales vanished",
          .text = "One line\n.\nand a lone dot\n",
          .id = "abc.1",
          .at = parse_instant("2026-03-02T11:04:05Z").value()};
}

TEST(Mail, IsWrittenAsTheStandardsSay) {
  const std::string text = written(letter()).value();
  EXPECT_THAT(text, HasSubstr("From: reelforge@example.com\r\n"));
  EXPECT_THAT(text, HasSubstr("To: ann@example.com,\r\n bob@example.com\r\n"));
  // From: printf 'Sales vanished' | base64.
  EXPECT_THAT(text, HasSubstr("Subject: =?UTF-8?B?U2FsZXMgdmFuaXNoZWQ=?=\r\n"));
  EXPECT_THAT(text, HasSubstr("Date: Mon, 02 Mar 2026 11:04:05 +0000\r\n"));
  // From: printf 'One line\n.\nand a lone dot\n' | base64.
  EXPECT_THAT(text, HasSubstr("\r\n\r\nT25lIGxpbmUKLgphbmQgYSBsb25lIGRvdAo=\r\n"));
}

TEST(Mail, LongForeignSubjectsAreFoldedBetweenCharacters) {
  Letter one = letter();
  one.subject.clear();
  for (int i = 0; i < 40; ++i) one.subject += "ü";
  const std::string text = written(one).value();
  const std::string from = text.substr(text.find("Subject: ") + 9);
  const std::string subject = from.substr(0, from.find("\r\nDate"));
  // 21 two-byte characters make 42 bytes, 56 digits.
  EXPECT_EQ(subject.find("?=\r\n =?UTF-8?B?"), 10U + 56U);
}

TEST(Mail, NothingSlipsIntoAHeader) {
  for (const char* bad : {"ann@example.com\r\nBcc: eve@example.com", "ann", "@x", "a@b@c",
                          "<ann@example.com>", "ann@example.com,eve@example.com"}) {
    Letter one = letter();
    one.to = {bad};
    EXPECT_EQ(written(one).error().code, ErrorCode::invalid) << bad;
  }
  Letter one = letter();
  one.subject = "x\r\nBcc: eve@example.com";
  EXPECT_THAT(written(one).value(), Not(HasSubstr("Bcc")));
}

TEST(Mail, IsHeardByAServer) {
  MailSink sink;
  const auto sender = open_mail({.public_hosts_only = false});
  ASSERT_TRUE(sender->send({.url = sink.url(), .open_line = true}, letter()).has_value());
  const std::vector<std::string> heard = sink.heard();
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_THAT(heard[0], HasSubstr("MAIL FROM:<reelforge@example.com>"));
  EXPECT_THAT(heard[0], HasSubstr("RCPT TO:<bob@example.com>"));
  EXPECT_THAT(heard[0], HasSubstr("T25lIGxpbmUKLgphbmQgYSBsb25lIGRvdAo="));
}

TEST(Mail, WhatMayPassIsToldFromWhatWillNot) {
  const auto sender = open_mail({.public_hosts_only = false});
  MailSink later("451 later");
  EXPECT_EQ(sender->send({.url = later.url(), .open_line = true}, letter()).error().code,
            ErrorCode::unavailable);
  MailSink never("554 spam");
  EXPECT_EQ(sender->send({.url = never.url(), .open_line = true}, letter()).error().code,
            ErrorCode::denied);
  // A server without encryption, where encryption is asked for.
  MailSink sink;
  EXPECT_EQ(sender->send({.url = sink.url()}, letter()).error().code, ErrorCode::denied);
  EXPECT_THAT(sink.heard(), SizeIs(0));
  EXPECT_EQ(sender->send({.url = "file:///etc/passwd"}, letter()).error().code, ErrorCode::invalid);
}

TEST(Mail, ReachesNobodyInsideWhereThatIsNotAllowed) {
  MailSink sink;
  const auto sender = open_mail({});
  EXPECT_EQ(sender->send({.url = sink.url(), .open_line = true}, letter()).error().code,
            ErrorCode::denied);
  EXPECT_THAT(sink.heard(), SizeIs(0));
}

}  // namespace
}  // namespace rf::net
