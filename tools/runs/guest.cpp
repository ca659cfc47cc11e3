#include "tools/runs/guest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tools/runs/scratch.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string contents_of(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

// An archive of files, as the kernel unpacks it after another (the format `newc` of cpio).
std::string archive_of(const GuestFiles& files, unsigned rights) {
  std::string out;
  const auto pad = [&] { out.resize((out.size() + 3) / 4 * 4); };
  const auto add = [&](const std::string& file, const std::string& data, unsigned mode) {
    out += "070701";
    const std::array<std::size_t, 13> fields{
        1, mode, 0, 0, 1, 0, data.size(), 0, 0, 0, 0, file.size() + 1, 0};
    for (const std::size_t field : fields) out += fmt::format("{:08x}", field);
    out += file + '\0';
    pad();
    out += data;
    pad();
  };
  for (const auto& [name, text] : files) add(name, text, S_IFREG | rights);
  add("TRAILER!!!", "", 0);
  return out;
}

// QEMU, until it ends or is killed.
class Machine {
 public:
  // Where calls are held and others wait, its clock is moved on by instructions, 8 ns each, and
  // jumps to the next timer where nothing is to be done: waiting takes no time, and what comes of
  // a timeout is the same on any machine. All else takes twice the processor's time by it.
  Machine(const GuestOptions& options, const Scratch& work, bool waits) {
    // It is to die of bad pages and of what KASAN says as well (TAINT_BAD_PAGE), and not of a host
    // that is too busy for ten ticks of a timer in time (arch/x86/kernel/apic/io_apic.c
    // check_timer()). The kernel's own tests want huge pages.
    const std::string append =
        "console=ttyS0 panic=-1 oops=panic panic_on_taint=20 reboot=t no_timer_check "
        "memmap=512M$0x40000000 "
        "hugepages=8 test_hmm.spm_addr_dev0=" +
        options.device_memory.dev0 + " test_hmm.spm_addr_dev1=" + options.device_memory.dev1;
    // One CPU, unless more are asked for, on which a call that goes on comes back before those that
    // waited for it run. Each in a socket of its own: without ACPI no other is found.
    std::vector<std::string> words{"qemu-system-x86_64",
                                   "-accel",
                                   waits ? "tcg,thread=single" : "tcg,thread=multi",
                                   "-cpu",
                                   "max",
                                   "-m",
                                   "2G",
                                   "-smp",
                                   fmt::format("{0},sockets={0}", options.cpus),
                                   "-display",
                                   "none",
                                   "-no-reboot",
                                   "-serial",
                                   "file:" + (work / "console").string(),
                                   "-device",
                                   "virtio-serial-pci",
                                   "-chardev",
                                   "file,id=results,path=" + (work / "results").string(),
                                   "-device",
                                   "virtserialport,chardev=results,name=results",
                                   "-kernel",
                                   options.image + "/bzImage",
                                   "-initrd",
                                   (work / "initrd").string(),
                                   "-append",
                                   append};
    if (waits) words.insert(words.end(), {"-icount", "shift=3,sleep=off"});
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const std::string log = (work / "qemu").string();
    pid_ = fork();
    if (pid_ == 0) {
      // It is nobody's if this program is killed.
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int file = open(log.c_str(), O_RDWR | O_CREAT, 0600);
      const int none = open("/dev/null", O_RDONLY);
      dup2(none, 0);
      dup2(file, 1);
      dup2(file, 2);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    if (pid_ < 0) throw std::runtime_error("no process for QEMU");
  }
  Machine(const Machine&) = delete;
  ~Machine() { kill(); }

  bool is_over() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
    return pid_ <= 0;
  }
  void kill() {
    if (is_over()) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
};

// From the first line on in which the kernel says that something is wrong with it.
std::string trouble_in(const std::string& console) {
  std::size_t first = std::string::npos;
  for (const char* words : {"BUG:", "Oops", "kernel BUG", "general protection", "Kernel panic",
                            "INFO: task", "rcu: INFO", "KASAN:"})
    first = std::min(first, console.find(words));
  if (first == std::string::npos) return "";
  const auto line = console.rfind('\n', first);
  return console.substr(line == std::string::npos ? 0 : line + 1);
}

std::string calls_of(const std::vector<RecordedTrace>& traces, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < traces.size(); ++i) {
    text += fmt::format("trace {}\n", traces[i].seed);
    for (const auto& step : traces[i].steps) {
      text += print_call(step.call);
      if (step.call.result.is(Outcome::held)) text += " -> " + print_result(step.call.result);
      text += "\n";
    }
    text += "end\n";
  }
  return text;
}

// What a guest says at its end.
constexpr std::string_view kAll = "all\n";

// The bytes up to the end of the last trace that has one.
std::size_t whole_traces_in(const std::string& results) {
  constexpr std::string_view kEnd = "\nend\n";
  const auto at = results.rfind(kEnd);
  return at == std::string::npos ? 0 : at + kEnd.size();
}

// Takes what a guest notes beside its results: by trace, from 0.
std::vector<std::pair<std::size_t, std::string>> take_notes(std::string& results) {
  std::vector<std::pair<std::size_t, std::string>> notes;
  std::string rest;
  std::size_t traces = 0;
  for (std::size_t at = 0; at < results.size();) {
    const std::size_t end = results.find('\n', at);
    const auto line = results.substr(at, end == results.npos ? end : end - at + 1);
    at += line.size();
    traces += line.starts_with("trace ") ? 1 : 0;
    if (!line.starts_with("# "))
      rest += line;
    else if (traces != 0 && line.ends_with('\n'))
      notes.emplace_back(traces - 1, line.substr(2, line.size() - 3));
  }
  results = std::move(rest);
  return notes;
}

// Whether it ended by itself; `progress` is called as results come.
bool wait(Machine& machine, const Scratch& work, const GuestOptions& options,
          const std::function<void()>& progress) {
  std::uintmax_t size = 0;
  auto last = Clock::now();
  while (!machine.is_over()) {
    if (options.stop.stop_requested()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::error_code none;
    const auto now = fs::file_size(work / "results", none);
    if (!none && now != size) {
      size = now;
      last = Clock::now();
      progress();
    }
    const double quiet = std::chrono::duration<double>(Clock::now() - last).count();
    if (quiet > (size == 0 ? options.boot_seconds : options.call_seconds)) return false;
  }
  return true;
}

GuestRun boot(const std::string& lines, const GuestOptions& options,
              const std::function<void()>& progress) {
  const Scratch work("hmmcheck-guest");
  std::ofstream(work / "initrd", std::ios::binary)
      << contents_of(options.image + "/agent.cpio") << archive_of({{"calls", lines}}, 0644)
      << archive_of(options.programs, 0755);
  GuestRun run;
  {
    Machine machine(options, work, lines.find(" -> held ") != lines.npos);
    run.is_silent = !wait(machine, work, options, progress);
  }
  run.results = contents_of(work / "results");
  run.console = contents_of(work / "console");
  run.files = take_files(run.results);
  if (run.results.empty() && !options.stop.stop_requested())
    throw std::runtime_error("a kernel that does not come up: " + contents_of(work / "qemu") +
                             run.console);
  return run;
}

class Drive {
 public:
  Drive(const std::vector<RecordedTrace>& traces, const GuestOptions& options)
      : traces_(traces), options_(options) {}

  std::vector<DrivenTrace> run() {
    while (out_.size() < traces_.size() && !options_.stop.stop_requested()) next();
    return std::move(out_);
  }
  std::vector<DrivenTrace> run_one() {
    next();
    return std::move(out_);
  }

 private:
  // One kernel, as far as it comes.
  void next() {
    const std::size_t before = out_.size();
    const std::string lines = calls_of(traces_, before) + (options_.counted ? "gcov\n" : "");
    GuestRun run = boot(lines, options_, [&] {
      if (options_.progress) options_.progress(before);
    });
    // What was under way when it was told to stop says nothing.
    if (options_.stop.stop_requested()) {
      run.results.resize(whole_traces_in(run.results));
      run.results += kAll;
    }
    if (options_.counted && !run.files.empty()) options_.counted(run.files);
    for (auto& one : read_results(std::move(run.results), run.console, run.is_silent))
      out_.push_back(std::move(one));
    if (out_.size() == before && !options_.stop.stop_requested())
      throw std::runtime_error("a kernel that does not come up: " + run.console);
  }

  const std::vector<RecordedTrace>& traces_;
  const GuestOptions& options_;
  std::vector<DrivenTrace> out_;
};

// A kernel that dies while it is asked what a call has done has died of that call. Whether it has;
// if so, the results end where the call's own would stand.
bool end_unseen_call(std::string& results) {
  // What is cut short says nothing.
  results.resize(results.rfind('\n') + 1);
  try {
    parse_recording(results + (whole_traces_in(results) != results.size() ? "end\n" : ""),
                    "the guest");
    return false;
  } catch (const InputError&) {
    const auto call = results.rfind(" -> ");
    if (call == std::string::npos) throw;
    results.resize(call + 4);
    return true;
  }
}

}  // namespace

std::string image_named(const std::string& name) {
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  std::error_code none;
  const fs::path images = fs::is_directory(here / "kernel", none) ? here : here.parent_path();
  return (images / "kernel" / "images" / name).string();
}

std::string missing_for_guest(const std::string& image) {
  if (!fs::exists(image + "/bzImage") || !fs::exists(image + "/agent.cpio"))
    return fmt::format("a kernel: tools/kernel/build {}", fs::path(image).filename().string());
  if (std::system("command -v qemu-system-x86_64 >/dev/null 2>&1") != 0)
    return "qemu-system-x86_64: tools/setup qemu-system-x86";
  return "";
}

std::vector<DrivenTrace> read_results(std::string results, const std::string& console, bool hangs) {
  const auto notes = take_notes(results);
  const bool is_all = results.ends_with(kAll);
  if (is_all) results.resize(results.size() - kAll.size());
  const bool in_call = results.ends_with(" -> ") || (!is_all && end_unseen_call(results));
  if (in_call) results += hangs ? "hangs\n" : "oops\n";
  if (!is_all && !results.empty() && whole_traces_in(results) != results.size()) results += "end\n";
  std::vector<DrivenTrace> out;
  for (auto& trace : parse_recording(results, "the guest").traces)
    out.push_back({std::move(trace), Driven::whole, ""});
  for (const auto& [trace, note] : notes) out.at(trace).notes.push_back(note);
  if (is_all || out.empty()) return out;
  // Of no call if none was under way.
  out.back().how = !in_call ? Driven::died_at_end : hangs ? Driven::hangs : Driven::oops;
  out.back().console = trouble_in(console);
  return out;
}

GuestRun run_guest(const std::string& lines, const GuestOptions& options) {
  return boot(lines, options, [] {});
}

GuestFiles take_files(std::string& results) {
  // `file NAME SIZE` and its bytes.
  constexpr std::string_view kFile = "\nfile ";
  GuestFiles files;
  results.insert(0, "\n");
  for (auto at = results.find(kFile); at != std::string::npos; at = results.find(kFile, at)) {
    const auto line = results.find('\n', at + 1);
    if (line == std::string::npos) break;
    std::istringstream words(results.substr(at + kFile.size(), line - at - kFile.size()));
    std::string name;
    std::size_t size = 0;
    // One that is cut short is none.
    if (!(words >> name >> size) || line + 1 + size > results.size()) break;
    files[name] = results.substr(line + 1, size);
    results.erase(at + 1, line + size + 1 - at);
  }
  results.erase(0, 1);
  return files;
}

std::vector<DrivenTrace> drive(const std::vector<RecordedTrace>& traces,
                               const GuestOptions& options) {
  return Drive(traces, options).run();
}

std::vector<DrivenTrace> drive_one(const std::vector<RecordedTrace>& traces, GuestOptions options) {
  options.progress = {};
  return Drive(traces, options).run_one();
}

}  // namespace hmm
