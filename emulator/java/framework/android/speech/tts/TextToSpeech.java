package android.speech.tts;

import android.content.Context;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import java.util.Locale;

/** Speaks nothing, but tells that it did. */
public class TextToSpeech {
    public static final int SUCCESS = 0;
    public static final int ERROR = -1;
    public static final int QUEUE_FLUSH = 0;
    public static final int QUEUE_ADD = 1;
    public static final int LANG_AVAILABLE = 0;
    public static final int LANG_COUNTRY_AVAILABLE = 1;
    public static final int LANG_MISSING_DATA = -1;
    public static final int LANG_NOT_SUPPORTED = -2;

    public interface OnInitListener {
        void onInit(int status);
    }

    public static class Engine {
        public static final String ACTION_CHECK_TTS_DATA = "android.speech.tts.engine.CHECK_TTS_DATA";
        public static final int CHECK_VOICE_DATA_PASS = 1;
        public static final String KEY_PARAM_UTTERANCE_ID = "utteranceId";
        public static final String KEY_PARAM_STREAM = "streamType";
        public static final String KEY_PARAM_VOLUME = "volume";
    }

    private final Handler main = new Handler(Looper.getMainLooper());
    private UtteranceProgressListener listener;

    public TextToSpeech(Context context, OnInitListener listener) { this(context, listener, null); }
    public TextToSpeech(Context context, OnInitListener listener, String engine) { if (listener != null) main.post(() -> listener.onInit(SUCCESS)); }

    public int setLanguage(Locale locale) { return LANG_COUNTRY_AVAILABLE; }
    public int isLanguageAvailable(Locale locale) { return LANG_COUNTRY_AVAILABLE; }
    public Locale getLanguage() { return Locale.getDefault(); }
    public int setPitch(float pitch) { return SUCCESS; }
    public int setSpeechRate(float rate) { return SUCCESS; }
    public int setOnUtteranceProgressListener(UtteranceProgressListener one) { listener = one; return SUCCESS; }
    public int speak(CharSequence text, int queueMode, Bundle params, String utteranceId) {
        if (listener == null || utteranceId == null) return SUCCESS;
        UtteranceProgressListener to = listener;
        standin.Later.binder(() -> {
            to.onStart(utteranceId);
            to.onDone(utteranceId);
        });
        return SUCCESS;
    }
    @Deprecated
    public int speak(String text, int queueMode, java.util.HashMap<String, String> params) { return speak(text, queueMode, null, null); }
    public boolean isSpeaking() { return false; }
    public int stop() { return SUCCESS; }
    public void shutdown() {}
    public String getDefaultEngine() { return "org.example.tts"; }
}
