package com.example.app;

import android.accounts.AccountManager;
import android.app.usage.UsageStatsManager;
import android.content.ClipboardManager;
import android.content.Context;
import android.content.Intent;
import android.database.Cursor;
import android.location.Location;
import android.location.LocationListener;
import android.location.LocationManager;
import android.os.Build;
import android.os.HandlerThread;
import android.os.UserManager;
import android.net.Uri;
import android.provider.Settings;
import android.telephony.SmsManager;
import android.telephony.SubscriptionManager;
import android.telephony.TelephonyManager;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads what it is told to, by a name a line, and answers with the result. */
public final class Reads {
    private static final Uri CONTACTS = Uri.parse("content://com.android.contacts/contacts");

    private Reads() {}

    public static void main(Context context, String[] words) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        say("ready");
        for (String name = in.readLine(); name != null; name = in.readLine()) {
            try {
                say(String.valueOf(read(context, name)));
            } catch (Throwable bad) {
                say("threw " + bad.getClass().getName());
                if (!(bad instanceof SecurityException)) bad.printStackTrace();
            }
            say("done");
        }
    }

    private static void say(String line) {
        System.out.println(line.replace('\n', ' '));
        System.out.flush();
    }

    /** A location as the service tells it, on another thread. */
    private static String update(LocationManager location) {
        HandlerThread thread = new HandlerThread("updates");
        thread.start();
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        location.requestLocationUpdates("gps", 0, 0, new LocationListener() {
            @Override
            public void onLocationChanged(Location place) {
                told.add(place.getProvider() + " on " + Thread.currentThread().getName());
            }
        }, thread.getLooper());
        try {
            return told.poll(20, TimeUnit.SECONDS);
        } catch (InterruptedException bad) {
            throw new IllegalStateException(bad);
        }
    }

    /** An app's own phone: one of two overloads is Android's still. */
    private static final class Own extends TelephonyManager {
        Own(Context context) {
            super(context);
        }

        @Override
        public String getImei() {
            return "000000000000000";
        }
    }

    public static Object read(Context context, String name) {
        TelephonyManager phone = (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
        ClipboardManager clipboard = (ClipboardManager) context.getSystemService(Context.CLIPBOARD_SERVICE);
        LocationManager location = (LocationManager) context.getSystemService(Context.LOCATION_SERVICE);
        AccountManager accounts = (AccountManager) context.getSystemService(Context.ACCOUNT_SERVICE);
        switch (name) {
            case "android_id": return Settings.Secure.getString(context.getContentResolver(), Settings.Secure.ANDROID_ID);
            case "device_name": return Settings.Global.getString(context.getContentResolver(), "device_name");
            case "imei": return phone.getImei();
            case "imei_slot": return phone.getImei(1);
            case "device_id": return phone.getDeviceId();
            case "device_id_slot": return phone.getDeviceId(0);
            case "meid": return phone.getMeid();
            case "subscriber_id": return phone.getSubscriberId();
            case "sim_serial": return phone.getSimSerialNumber();
            case "line1": return phone.getLine1Number();
            case "voice_mail": return phone.getVoiceMailNumber();
            case "software_version": return phone.getDeviceSoftwareVersion();
            case "sim_operator": return phone.getSimOperator();
            case "network_operator": return phone.getNetworkOperator();
            case "cells": return phone.getAllCellInfo().size();
            case "cell_location": return phone.getCellLocation();
            case "clip": return clipboard.getPrimaryClip().getItemAt(0).getText();
            case "clip_text": return clipboard.getText();
            case "location": return location.getLastKnownLocation("gps").getProvider();
            case "packages": return context.getPackageManager().getInstalledPackages(0).size();
            case "applications": return context.getPackageManager().getInstalledApplications(0).size();
            case "launchers": return context.getPackageManager().queryIntentActivities(new Intent(Intent.ACTION_MAIN), 0).size();
            case "accounts": return Arrays.toString(accounts.getAccounts());
            case "accounts_by_type": return accounts.getAccountsByType("com.google").length;
            case "usage":
                return ((UsageStatsManager) context.getSystemService(Context.USAGE_STATS_SERVICE)).queryUsageStats(0, 0, 1).size();
            case "serial": return Build.getSerial();
            case "subscriptions":
                return ((SubscriptionManager) context.getSystemService(Context.TELEPHONY_SUBSCRIPTION_SERVICE)).getActiveSubscriptionInfoList().size();
            case "user_name": return ((UserManager) context.getSystemService(Context.USER_SERVICE)).getUserName();
            case "contacts":
                try (Cursor found = context.getContentResolver().query(CONTACTS, new String[] {"_id", "display_name"}, null, null, null)) {
                    return found.moveToLast() ? found.getCount() + " " + found.getString(1) : null;
                }
            case "updates": return update(location);
            case "inherited": return new Own(context).getImei(0);
            case "sms":
                SmsManager.getDefault().sendTextMessage("10086", null, "hello", null, null);
                return "sent";
            default: throw new IllegalArgumentException(name);
        }
    }
}
