// Digests, HMAC, AES-GCM and AES key wrap on boringssl, behind artbed.Provider and artbed.Ciphers.
#include <jni.h>
#include <openssl/aead.h>
#include <openssl/aes.h>
#include <openssl/digest.h>
#include <openssl/err.h>
#include <openssl/hmac.h>

#include <string>

static std::string in(JNIEnv* env, jbyteArray data) {
  std::string bytes(env->GetArrayLength(data), 0);
  env->GetByteArrayRegion(data, 0, bytes.size(), reinterpret_cast<jbyte*>(&bytes[0]));
  return bytes;
}

static jbyteArray out(JNIEnv* env, const std::string& bytes) {
  jbyteArray result = env->NewByteArray(bytes.size());
  if (result != nullptr) env->SetByteArrayRegion(result, 0, bytes.size(), reinterpret_cast<const jbyte*>(bytes.data()));
  return result;
}

static const uint8_t* at(const std::string& bytes) { return reinterpret_cast<const uint8_t*>(bytes.data()); }

static uint8_t* at(std::string& bytes) { return reinterpret_cast<uint8_t*>(&bytes[0]); }

static const EVP_MD* kindOf(jint kind) {
  return kind == 0 ? EVP_md5() : kind == 1 ? EVP_sha1() : kind == 2 ? EVP_sha256() : EVP_sha512();
}

static jbyteArray digest(JNIEnv* env, jclass, jint kind, jbyteArray data) {
  std::string bytes = in(env, data), result(EVP_MAX_MD_SIZE, 0);
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), at(result), &length, kindOf(kind), nullptr);
  result.resize(length);
  return out(env, result);
}

static jbyteArray hmac(JNIEnv* env, jclass, jint kind, jbyteArray key, jbyteArray data) {
  std::string k = in(env, key), bytes = in(env, data), result(EVP_MAX_MD_SIZE, 0);
  unsigned length = 0;
  HMAC(kindOf(kind), k.data(), k.size(), at(bytes), bytes.size(), at(result), &length);
  result.resize(length);
  return out(env, result);
}

static jbyteArray gcm(JNIEnv* env, jclass, jboolean seal, jbyteArray key, jbyteArray nonce, jbyteArray more, jbyteArray data) {
  std::string k = in(env, key), n = in(env, nonce), extra = in(env, more), bytes = in(env, data);
  std::string result(bytes.size() + 16, 0);
  const EVP_AEAD* kind = k.size() == 16 ? EVP_aead_aes_128_gcm() : k.size() == 24 ? EVP_aead_aes_192_gcm() : EVP_aead_aes_256_gcm();
  EVP_AEAD_CTX context;
  if (!EVP_AEAD_CTX_init(&context, kind, at(k), k.size(), 16, nullptr)) return ERR_clear_error(), nullptr;
  size_t length = 0;
  auto run = seal ? EVP_AEAD_CTX_seal : EVP_AEAD_CTX_open;
  int good = run(&context, at(result), &length, result.size(), at(n), n.size(), at(bytes), bytes.size(), at(extra), extra.size());
  EVP_AEAD_CTX_cleanup(&context);
  ERR_clear_error();
  result.resize(length);
  return good ? out(env, result) : nullptr;
}

static jbyteArray wrap(JNIEnv* env, jclass, jboolean forth, jbyteArray key, jbyteArray data) {
  std::string k = in(env, key), bytes = in(env, data), result(bytes.size() + 8, 0);
  AES_KEY schedule;
  if ((forth ? AES_set_encrypt_key : AES_set_decrypt_key)(at(k), 8 * k.size(), &schedule) != 0) return nullptr;
  int length = (forth ? AES_wrap_key : AES_unwrap_key)(&schedule, nullptr, at(result), at(bytes), bytes.size());
  ERR_clear_error();
  result.resize(length < 0 ? 0 : length);
  return length < 0 ? nullptr : out(env, result);
}

int register_crypto(JNIEnv* env) {
  struct { const char* type; const char* name; const char* signature; void* function; } natives[] = {
    {"artbed/Provider", "digest", "(I[B)[B", reinterpret_cast<void*>(digest)},
    {"artbed/Ciphers", "hmac", "(I[B[B)[B", reinterpret_cast<void*>(hmac)},
    {"artbed/Ciphers", "gcm", "(Z[B[B[B[B)[B", reinterpret_cast<void*>(gcm)},
    {"artbed/Ciphers", "wrap", "(Z[B[B)[B", reinterpret_cast<void*>(wrap)},
  };
  for (auto& n : natives) {
    jclass type = env->FindClass(n.type);
    JNINativeMethod one{const_cast<char*>(n.name), const_cast<char*>(n.signature), n.function};
    if (type == nullptr || env->RegisterNatives(type, &one, 1) != JNI_OK) return JNI_ERR;
  }
  return JNI_OK;
}
