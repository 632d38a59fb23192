package org.example.breadth;

import android.app.Activity;
import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.content.ComponentName;
import android.os.AsyncTask;
import android.os.Bundle;
import android.os.Parcel;
import android.os.StatFs;
import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.webkit.MimeTypeMap;
import android.webkit.URLUtil;
import android.widget.Chronometer;
import android.widget.TextView;
import android.widget.ViewFlipper;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Keys of the device's store, tasks, and what else is kept somewhere. */
final class Stores {
    static void all(Activity activity) {
        try {
            keys();
        } catch (Exception failed) {
            Main.say("keys failed " + failed);
        }
        Bundle bundle = new Bundle();
        bundle.putFloatArray("f", new float[] {1.5f});
        bundle.putShort("s", (short) 3);
        Parcel parcel = Parcel.obtain();
        parcel.writeLongArray(new long[] {4, 5});
        parcel.writeStringArray(new String[] {"a"});
        parcel.setDataPosition(0);
        String[] texts = new String[1];
        long[] numbers = parcel.createLongArray();
        parcel.readStringArray(texts);
        Main.say("kept " + bundle.getFloatArray("f")[0] + " " + bundle.getShort("s") + " " + numbers[1] + texts[0]);
        StatFs disk = new StatFs(activity.getFilesDir().getPath());
        Main.say("disk " + (disk.getTotalBytes() >= disk.getAvailableBytes() && disk.getAvailableBytes() > 0));
        Main.say("urls " + URLUtil.isNetworkUrl("https://a.example") + URLUtil.isValidUrl("x") + " " + URLUtil.guessFileName("https://a.example/b", null, "image/png")
                + " " + MimeTypeMap.getSingleton().getMimeTypeFromExtension(MimeTypeMap.getFileExtensionFromUrl("https://a.example/c.pdf?x")));
        JobScheduler jobs = (JobScheduler) activity.getSystemService(Activity.JOB_SCHEDULER_SERVICE);
        jobs.schedule(new JobInfo.Builder(5, new ComponentName(activity, "org.example.breadth.None")).setMinimumLatency(3_600_000).setRequiresCharging(true).build());
        Main.say("jobs " + jobs.getPendingJob(5).getMinLatencyMillis() + " " + jobs.getAllPendingJobs().size());
        jobs.cancel(5);
        Main.say("jobs " + jobs.getPendingJob(5));
        ViewFlipper flipper = new ViewFlipper(activity);
        flipper.addView(new TextView(activity));
        flipper.addView(new Chronometer(activity));
        flipper.showNext();
        Main.say("flipped " + flipper.getDisplayedChild() + " " + flipper.getChildAt(0).isShown() + " " + ((TextView) flipper.getCurrentView()).getText());
        task();
    }

    private static void keys() throws Exception {
        KeyGenerator generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, "AndroidKeyStore");
        generator.init(new KeyGenParameterSpec.Builder("mine", KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM).setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE).setKeySize(256).build());
        SecretKey made = generator.generateKey();
        KeyStore store = KeyStore.getInstance("AndroidKeyStore");
        store.load(null);
        SecretKey held = (SecretKey) store.getKey("mine", null);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, made);
        byte[] sealed = cipher.doFinal("text".getBytes(StandardCharsets.UTF_8));
        Cipher back = Cipher.getInstance("AES/GCM/NoPadding");
        back.init(Cipher.DECRYPT_MODE, held, new GCMParameterSpec(128, cipher.getIV()));
        Main.say("keys " + new String(back.doFinal(sealed), StandardCharsets.UTF_8) + " " + held.getEncoded() + " " + store.containsAlias("mine") + " " + sealed.length);
        store.deleteEntry("mine");
        Main.say("keys " + store.size());
    }

    private static void task() {
        AsyncTask<String, Integer, String> task = new AsyncTask<>() {
            @Override protected String doInBackground(String... words) {
                publishProgress(1);
                return words[0] + words[1];
            }
            @Override protected void onProgressUpdate(Integer... values) { Main.say("task at " + values[0]); }
            @Override protected void onPostExecute(String result) { Main.say("task done " + result + " " + getStatus()); }
        };
        task.execute("a", "b");
        try {
            task.execute("again");
        } catch (IllegalStateException twice) {
            Main.say("task only once");
        }
    }
}
