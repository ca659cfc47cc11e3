#include "traces/profile_file.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "model/swapops/config.h"

namespace hmm {
namespace {

std::string parse_error(const std::string& text) {
  try {
    parse_profile(text, "p.toml");
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string switch_error(const std::string& text) {
  try {
    Profile k;
    set_switch(k, text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::string load_error(const std::string& name) {
  try {
    load_profile(name);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "hmmcheck_profile_file_test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

TEST_CASE("the shipped profiles") {
  REQUIRE_FALSE(profile_names().empty());
  for (const auto& name : profile_names()) {
    const ProfileFile file = load_profile_file(name);
    CHECK(file.profile.name == name);
    CHECK_FALSE(file.says.empty());
    CHECK(swap_kernel_named(file.swap_kernel).has_value());
    for (const auto& s : kSwitches)
      if (s.group == SwitchGroup::rule) CHECK(file.profile.*s.at);
  }
  Profile k = load_profile("6.12");
  CHECK(k.fault_takes_page_ref);
  CHECK(k.owner_filter);
  CHECK(k.range_fault_ignores_write);
  CHECK_FALSE(k.restore_checks_vm_write);
  k.restore_checks_vm_write = true;
  k.mprotect_checks_dirty = true;
  k.mprotect_returns_account = false;
  k.fault_locks_vma = false;
  k.swapin_maps_writable = false;
  k.migrate_frees_swap = false;
  k.name = "6.1";
  CHECK(k == load_profile("6.1"));
}

TEST_CASE("a profile takes from its base what it does not say") {
  const ProfileFile file = parse_profile(
      "name = 'mine'\nbase = '6.1'\n[switches]\ncommit_checks_seq = false\n", "p.toml");
  Profile expected = load_profile("6.1");
  expected.name = "mine";
  expected.commit_checks_seq = false;
  CHECK(file.profile == expected);
  CHECK(file.base == "6.1");
  CHECK(file.says.empty());
  CHECK(file.swap_kernel == "6.1");
  CHECK(parse_profile("base = '6.1'\n", "folder/other.toml").profile.name == "other");

  SECTION("the base may be a file beside it") {
    const Folder folder;
    folder.write("one.toml", "name = 'one'\nbase = '6.12'\n[switches]\nowner_filter = false\n");
    const std::string two = folder.write("two.toml", "name = 'two'\nbase = 'one.toml'\n");
    const Profile k = load_profile(two);
    CHECK(k.name == "two");
    CHECK_FALSE(k.owner_filter);
    CHECK(k.commit_checks_seq);
  }
}

TEST_CASE("a profile goes without the rules that it drops, and without its base's") {
  const Folder folder;
  folder.write("one.toml", "name = 'one'\nbase = '6.12'\ndrop = ['munmap.mmap_lock']\n");
  const std::string two = folder.write(
      "two.toml", "name = 'two'\nbase = 'one.toml'\ndrop = ['zap_pte_range.put_page']\n");
  Profile expected = load_profile("6.12");
  expected.name = "two";
  expected.drops.add({"zap_pte_range", "put_page"});
  expected.drops.add({"munmap", "mmap_lock"});
  CHECK(load_profile(two) == expected);
  const std::string head = "name = 'a'\nbase = '6.1'\n";
  CHECK(parse_error(head + "drop = 'munmap.mmap_lock'\n") ==
        "p.toml:3: expected drop = an array of strings, found string");
  CHECK(parse_error(head + "drop = ['munmap.mmap_rock']\n")
            .starts_with("p.toml:3: expected a rule of `hmmcheck list steps`, such as "
                         "munmap.mmap_lock, "));
}

TEST_CASE("a wrong profile is refused with the place") {
  CHECK(parse_error("name = 'a'\nbase = \n") ==
        "p.toml:2: expected TOML, found Error while parsing key-value pair: expected value, saw "
        "'\\n'");
  CHECK(
      parse_error("name = 'a'\ncolour = 1\n") ==
      "p.toml:2: expected name, base, says, swap_kernel, breaks, drop or [switches], found colour");
  CHECK(parse_error("name = \"a\\nb\"\n") ==
        "p.toml:1: expected name = a line of text, found more than one");
  CHECK(parse_error("\nname = 612\n") == "p.toml:2: expected name = a string, found integer");
  CHECK(parse_error("name = 'a'\nsays = true\n") ==
        "p.toml:2: expected says = a string, found boolean");
  CHECK(parse_error("name = 'a'\nbase = '7'\n") == "p.toml:2: expected a profile (" +
                                                       joined(profile_names()) +
                                                       ") or a file ending in .toml, found 7");
  CHECK(parse_error("name = 'a'\nbase = '6.1'\nswap_kernel = '5'\n") ==
        "p.toml:3: expected swap_kernel = one of v16, 4.14, 4.14-l1tf, 6.1, 6.12, 7.3, found 5");
  CHECK(parse_error("name = 'a'\n") ==
        "p.toml:1: expected [switches], as there is no base, found none");
  CHECK(parse_error("name = 'a'\nswitches = 3\n") ==
        "p.toml:2: expected [switches] to be a table, found integer");
  CHECK(parse_error("name = 'a'\nbase = '6.1'\n[switches]\nowner_fliter = true\n") ==
        "p.toml:4: expected a switch of hmmcheck list (did you mean owner_filter?), found "
        "owner_fliter");
  CHECK(parse_error("name = 'a'\nbase = '6.1'\n[switches]\nowner_filter = 1\n") ==
        "p.toml:4: expected owner_filter = true or false, found integer");
  CHECK(parse_error("name = 'a'\n\n[switches]\nfault_takes_page_ref = true\n") ==
        "p.toml:3: expected switch owner_filter, as there is no base, found none");
  CHECK(load_error("nine") == "--profile: expected a profile (" + joined(profile_names()) +
                                  ") or a file ending in .toml, found nine");
  CHECK(load_error("no/such.toml") ==
        "--profile: expected a profile file to read, found no/such.toml");
}

TEST_CASE("bases that go in a circle are refused") {
  const Folder folder;
  const std::string one = folder.write("one.toml", "name = 'one'\nbase = 'two.toml'\n");
  const std::string two = folder.write("two.toml", "name = 'two'\n\nbase = 'one.toml'\n");
  CHECK(load_error(one) ==
        two + ":3: expected a base that does not come back to this profile, found " + one);
  const std::string self = folder.write("self.toml", "base = 'self.toml'\nname = 'self'\n");
  CHECK(load_error(self) ==
        self + ":1: expected a base that does not come back to this profile, found " + self);
  const std::string binary = folder.write("binary.toml", std::string("name = 'a'\n\0\n", 13));
  CHECK(load_error(binary) == binary + ":2: expected UTF-8 text, found byte 0x00");
}

TEST_CASE("a switch is set by text") {
  Profile k;
  set_switch(k, "owner_filter=1");
  CHECK(k.owner_filter);
  set_switch(k, "owner_filter=false");
  CHECK_FALSE(k.owner_filter);
  CHECK(switch_error("owner_filter") == "--set: expected switch=value, found owner_filter");
  CHECK(switch_error("owner=1") == "--set: expected a switch of hmmcheck list, found owner");
  CHECK(switch_error("owner_filter=2") ==
        "--set: expected owner_filter=0 or owner_filter=1, found owner_filter=2");
}

}  // namespace
}  // namespace hmm
