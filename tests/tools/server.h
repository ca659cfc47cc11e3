#pragma once
#include <csignal>
#include <regex>
#include <thread>

#include "tests/tools/binary.h"

namespace hmm {

// `hmmcheck step --serve 0` while it lives.
class Server {
 public:
  explicit Server(const std::string& options = "") {
    const std::string out = folder_ / "out";
    const Ran begun = shell("$H step --serve 0 " + options + " > " + out + " 2>&1 & echo $!");
    pid_ = std::stoi(begun.out);
    std::smatch found;
    static const std::regex at("http://127.0.0.1:([0-9]+)/");
    for (int i = 0; i < 300 && port_.empty(); ++i) {
      const std::string said = folder_.text("out");
      if (std::regex_search(said, found, at)) port_ = found[1];
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    REQUIRE(!port_.empty());
  }
  Server(const Server&) = delete;
  ~Server() { kill(pid_, SIGTERM); }

  std::string port() const { return port_; }
  bool is_there() const { return kill(pid_, 0) == 0; }
  bool is_over() const {
    for (int i = 0; i < 100 && is_there(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return !is_there();
  }

  // The answer to what is sent byte by byte; \\r and \\n are written as printf(1) takes them.
  std::string answer(const std::string& bytes) const {
    return shell("exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + port_ + " && printf \"" + bytes +
                 "\" >&3 && timeout 20 cat <&3'")
        .out;
  }
  std::string get(const std::string& path) const {
    return answer("GET " + path + " HTTP/1.1\\r\\nHost: 127.0.0.1:" + port_ + "\\r\\n\\r\\n");
  }
  // Of a form, `verb=why&command=cpu_load mm=0`: what is in its last field is encoded.
  std::string post(const std::string& form, const std::string& head = "") const {
    std::string body = form.substr(0, std::min(form.find("command="), form.size()));
    std::string text = body;
    for (const char c : form.substr(body.size())) {
      const bool is_coded = c == '=' && body.find("command=") != body.npos;
      body += is_coded ? "%3D" : std::string(1, c == ' ' ? '+' : c);
      text += is_coded ? "%%3D" : std::string(1, c == ' ' ? '+' : c);
    }
    return answer("POST / HTTP/1.1\\r\\nHost: 127.0.0.1:" + port_ + "\\r\\n" + head +
                  "Content-Type: application/x-www-form-urlencoded\\r\\nContent-Length: " +
                  std::to_string(body.size()) + "\\r\\n\\r\\n" + text);
  }

 private:
  Folder folder_;
  int pid_ = 0;
  std::string port_;
};

}  // namespace hmm
