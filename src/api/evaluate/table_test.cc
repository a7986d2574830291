#include "api/evaluate/table.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace rf::api {
namespace {

class TableFile : public testing::Test {
 protected:
  std::string write(std::string_view text) {
    std::string path =
        testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(TableFile, GivesNumbersByName) {
  DataTable table =
      read_data_table(write("test,n,c\na,100,3\nb,50,0\n"), Header::first_row).value();
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.at(1, 0), "b");
  EXPECT_EQ(table.counts("n").value(), (std::vector<std::int64_t>{100, 50}));
}

TEST_F(TableFile, NamesThePlaceOfWhatIsWrong) {
  std::string path = write("n,c\n1,x\n");
  DataTable table = read_data_table(path, Header::first_row).value();
  EXPECT_EQ(table.numbers("c").error().message,
            path + ":2: column 'c': found 'x', expected a number");
  EXPECT_EQ(table.numbers("d").error().code, ErrorCode::not_found);
  EXPECT_EQ(read_data_table(write("n,c\n1\n"), Header::first_row).error().code, ErrorCode::corrupt);
  EXPECT_EQ(read_data_table(write("n,n\n1,2\n"), Header::first_row).error().code,
            ErrorCode::corrupt);
}

TEST_F(TableFile, NumbersColumnsThatHaveNoNames) {
  DataTable table = read_data_table(write("1,2\n3,4\n"), Header::none).value();
  EXPECT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.numbers("1").value(), (std::vector<double>{2, 4}));
}

}  // namespace
}  // namespace rf::api
