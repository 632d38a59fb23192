// TLS for clients on boringssl, behind artbed.Tls: Debian's core library comes without Android's provider (Conscrypt).
#include <dirent.h>
#include <errno.h>
#include <jni.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <mutex>
#include <string>

// TLS: the descriptor is polled, never blocked on inside boringssl, so that one thread may read while another writes.
struct Conn {
  SSL* ssl;
  int fd;
  std::mutex lock;
};

static std::mutex storeLock;
static X509_STORE* store;
static SSL_CTX* context;

static std::string utf(JNIEnv* env, jstring s) {
  const char* c = env->GetStringUTFChars(s, nullptr);
  std::string r(c);
  env->ReleaseStringUTFChars(s, c);
  return r;
}

static void raise(JNIEnv* env, const char* type, const std::string& text) {
  jclass c = env->FindClass(type);
  if (c != nullptr) env->ThrowNew(c, text.c_str());
}

static std::string reason(int e) {
  unsigned long code = ERR_get_error();
  ERR_clear_error();
  char text[256];
  if (code == 0) return e == SSL_ERROR_SYSCALL && errno != 0 ? strerror(errno) : "connection closed by peer";
  ERR_error_string_n(code, text, sizeof text);
  return text;
}

static void tlsTrust(JNIEnv* env, jclass, jstring folder) {
  std::string path = utf(env, folder);
  X509_STORE* fresh = X509_STORE_new();
  if (DIR* d = opendir(path.c_str())) {
    while (dirent* e = readdir(d)) {
      BIO* in = BIO_new_file((path + "/" + e->d_name).c_str(), "r");
      if (in == nullptr) continue;
      while (X509* x = PEM_read_bio_X509(in, nullptr, nullptr, nullptr)) {
        X509_STORE_add_cert(fresh, x);
        X509_free(x);
      }
      BIO_free(in);
    }
    closedir(d);
  }
  ERR_clear_error();
  std::lock_guard<std::mutex> hold(storeLock);
  if (store != nullptr) X509_STORE_free(store);
  store = fresh;
}

static X509* parse(JNIEnv* env, jbyteArray der) {
  jsize n = env->GetArrayLength(der);
  std::string b(n, 0);
  env->GetByteArrayRegion(der, 0, n, reinterpret_cast<jbyte*>(&b[0]));
  const unsigned char* p = reinterpret_cast<const unsigned char*>(b.data());
  return d2i_X509(nullptr, &p, n);
}

static jstring tlsVerify(JNIEnv* env, jclass, jobjectArray chain) {
  X509* leaf = nullptr;
  STACK_OF(X509)* others = sk_X509_new_null();
  for (jsize i = 0; i < env->GetArrayLength(chain); i++) {
    auto der = static_cast<jbyteArray>(env->GetObjectArrayElement(chain, i));
    X509* x = parse(env, der);
    env->DeleteLocalRef(der);
    if (x == nullptr) continue;
    if (i == 0) leaf = x; else sk_X509_push(others, x);
  }
  std::string bad = "no certificate";
  if (leaf != nullptr) {
    std::lock_guard<std::mutex> hold(storeLock);
    if (store == nullptr) store = X509_STORE_new();
    X509_STORE_CTX* c = X509_STORE_CTX_new();
    X509_STORE_CTX_init(c, store, leaf, others);
    bad = X509_verify_cert(c) == 1 ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(c));
    X509_STORE_CTX_free(c);
    X509_free(leaf);
  }
  sk_X509_pop_free(others, X509_free);
  ERR_clear_error();
  return bad.empty() ? nullptr : env->NewStringUTF(bad.c_str());
}

static jboolean tlsMatches(JNIEnv* env, jclass, jbyteArray der, jstring host) {
  X509* x = parse(env, der);
  if (x == nullptr) return false;
  std::string h = utf(env, host);
  bool ok = X509_check_host(x, h.data(), h.size(), 0, nullptr) == 1 || X509_check_ip_asc(x, h.c_str(), 0) == 1;
  X509_free(x);
  ERR_clear_error();
  return ok;
}

// Waits as the socket's SO_RCVTIMEO (which Java sets) says; false when that time is over.
static bool await(int fd, int e) {
  timeval t{};
  socklen_t n = sizeof t;
  getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, &n);
  int ms = t.tv_sec == 0 && t.tv_usec == 0 ? -1 : t.tv_sec * 1000 + t.tv_usec / 1000;
  pollfd p{fd, static_cast<short>(e == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN), 0};
  int r;
  do r = poll(&p, 1, ms); while (r < 0 && errno == EINTR);
  return r > 0;
}

static int bioRead(BIO* b, char* out, int n) {
  BIO_clear_retry_flags(b);
  ssize_t r = recv(static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(b))), out, n, MSG_DONTWAIT);
  if (r < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(b);
  return r;
}

static int bioWrite(BIO* b, const char* in, int n) {
  BIO_clear_retry_flags(b);
  ssize_t r = send(static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(b))), in, n, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (r < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(b);
  return r;
}

static long bioControl(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH; }

static BIO* bio(int fd) {
  static BIO_METHOD* method = [] {
    BIO_METHOD* m = BIO_meth_new(0, "socket");
    BIO_meth_set_read(m, bioRead);
    BIO_meth_set_write(m, bioWrite);
    BIO_meth_set_ctrl(m, bioControl);
    return m;
  }();
  BIO* b = BIO_new(method);
  BIO_set_data(b, reinterpret_cast<void*>(static_cast<intptr_t>(fd)));
  BIO_set_init(b, 1);
  return b;
}

static jlong tlsOpen(JNIEnv* env, jclass, jint fd, jstring host) {
  {
    std::lock_guard<std::mutex> hold(storeLock);
    if (context == nullptr) context = SSL_CTX_new(TLS_method());
  }
  Conn* c = new Conn{SSL_new(context), fd, {}};
  std::string h = utf(env, host);
  if (!h.empty() && h.find_first_not_of("0123456789.:") != std::string::npos) SSL_set_tlsext_host_name(c->ssl, h.c_str());
  BIO* b = bio(fd);
  SSL_set_bio(c->ssl, b, b);
  for (;;) {
    errno = 0;
    int r = SSL_connect(c->ssl);
    if (r == 1) return reinterpret_cast<jlong>(c);
    int e = SSL_get_error(c->ssl, r);
    if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) {
      if (await(fd, e)) continue;
      raise(env, "java/net/SocketTimeoutException", "SSL handshake timed out");
    } else {
      raise(env, "javax/net/ssl/SSLHandshakeException", reason(e));
    }
    SSL_free(c->ssl);
    delete c;
    return 0;
  }
}

static jobjectArray tlsChain(JNIEnv* env, jclass, jlong tls) {
  STACK_OF(X509)* all = SSL_get_peer_cert_chain(reinterpret_cast<Conn*>(tls)->ssl);
  size_t n = all == nullptr ? 0 : sk_X509_num(all);
  jobjectArray r = env->NewObjectArray(n, env->FindClass("[B"), nullptr);
  for (size_t i = 0; i < n; i++) {
    unsigned char* der = nullptr;
    int size = i2d_X509(sk_X509_value(all, i), &der);
    jbyteArray one = env->NewByteArray(size);
    env->SetByteArrayRegion(one, 0, size, reinterpret_cast<jbyte*>(der));
    env->SetObjectArrayElement(r, i, one);
    env->DeleteLocalRef(one);
    OPENSSL_free(der);
  }
  return r;
}

static jstring tlsAbout(JNIEnv* env, jclass, jlong tls, jboolean cipher) {
  SSL* s = reinterpret_cast<Conn*>(tls)->ssl;
  return env->NewStringUTF(cipher ? SSL_CIPHER_standard_name(SSL_get_current_cipher(s)) : SSL_get_version(s));
}

static jint tlsRead(JNIEnv* env, jclass, jlong tls, jbyteArray b, jint offset, jint n) {
  Conn* c = reinterpret_cast<Conn*>(tls);
  char part[16384];
  if (n > static_cast<jint>(sizeof part)) n = sizeof part;
  for (;;) {
    int r, e;
    std::string why;
    {
      std::lock_guard<std::mutex> hold(c->lock);
      errno = 0;
      r = SSL_read(c->ssl, part, n);
      e = r > 0 ? 0 : SSL_get_error(c->ssl, r);
      if (r <= 0 && e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE && e != SSL_ERROR_ZERO_RETURN) why = reason(e);
    }
    if (r > 0) {
      env->SetByteArrayRegion(b, offset, r, reinterpret_cast<jbyte*>(part));
      return r;
    }
    if (e == SSL_ERROR_ZERO_RETURN || why == "connection closed by peer") return -1;
    if (!why.empty()) return raise(env, "java/net/SocketException", why), -1;
    if (!await(c->fd, e)) return raise(env, "java/net/SocketTimeoutException", "Read timed out"), -1;
  }
}

static void tlsWrite(JNIEnv* env, jclass, jlong tls, jbyteArray b, jint offset, jint n) {
  Conn* c = reinterpret_cast<Conn*>(tls);
  std::string all(n, 0);
  env->GetByteArrayRegion(b, offset, n, reinterpret_cast<jbyte*>(&all[0]));
  for (jint at = 0; at < n;) {
    int r, e;
    std::string why;
    {
      std::lock_guard<std::mutex> hold(c->lock);
      errno = 0;
      r = SSL_write(c->ssl, all.data() + at, n - at);
      e = r > 0 ? 0 : SSL_get_error(c->ssl, r);
      if (r <= 0 && e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE) why = reason(e);
    }
    if (r > 0) at += r;
    else if (!why.empty()) return raise(env, "java/net/SocketException", why);
    else if (!await(c->fd, e)) return raise(env, "java/net/SocketTimeoutException", "Write timed out");
  }
}

static void tlsClose(JNIEnv*, jclass, jlong tls) {
  Conn* c = reinterpret_cast<Conn*>(tls);
  SSL_free(c->ssl);
  delete c;
}

int register_tls(JNIEnv* env) {
  jclass type = env->FindClass("artbed/Tls");
  if (type == nullptr) return JNI_ERR;
  struct { const char* name; const char* signature; void* function; } natives[] = {
    {"trust", "(Ljava/lang/String;)V", reinterpret_cast<void*>(tlsTrust)},
    {"verify", "([[B)Ljava/lang/String;", reinterpret_cast<void*>(tlsVerify)},
    {"matches", "([BLjava/lang/String;)Z", reinterpret_cast<void*>(tlsMatches)},
    {"open", "(ILjava/lang/String;)J", reinterpret_cast<void*>(tlsOpen)},
    {"chain", "(J)[[B", reinterpret_cast<void*>(tlsChain)},
    {"about", "(JZ)Ljava/lang/String;", reinterpret_cast<void*>(tlsAbout)},
    {"read", "(J[BII)I", reinterpret_cast<void*>(tlsRead)},
    {"write", "(J[BII)V", reinterpret_cast<void*>(tlsWrite)},
    {"close", "(J)V", reinterpret_cast<void*>(tlsClose)},
  };
  for (auto& n : natives) {
    JNINativeMethod one{const_cast<char*>(n.name), const_cast<char*>(n.signature), n.function};
    if (env->RegisterNatives(type, &one, 1) != JNI_OK) return JNI_ERR;
  }
  return JNI_OK;
}
