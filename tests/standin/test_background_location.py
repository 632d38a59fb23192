"""Where the device is, asked by an app that the user does not see."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from handset import Handset

from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.jvm, pytest.mark.device, NEEDS_JAVAC]
PACKAGE = "org.example.where"
FINE, COARSE, BACKGROUND = (f"ACCESS_{name}_LOCATION" for name in ("FINE", "COARSE", "BACKGROUND"))
SOURCES = {
    "org/example/where/Main": """
package org.example.where;
import android.app.Activity;
import android.content.Intent;
import android.location.Location;
import android.location.LocationManager;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.util.Log;
public final class Main extends Activity {
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        ask(new Handler(Looper.getMainLooper()), 0);
    }
    private void ask(Handler handler, int number) {
        LocationManager manager = (LocationManager) getSystemService(LOCATION_SERVICE);
        Location place = manager.getLastKnownLocation(LocationManager.GPS_PROVIDER);
        Log.i("Where", number + (place == null ? " nowhere" : " here"));
        handler.postDelayed(() -> ask(handler, number + 1), 200);
    }
}
""",
    "org/example/where/Route": """
package org.example.where;
import android.app.Notification;
import android.app.Service;
import android.content.Intent;
import android.os.IBinder;
public final class Route extends Service {
    @Override public int onStartCommand(Intent intent, int flags, int id) {
        if ("stop".equals(intent.getAction())) stopForeground(true);
        else startForeground(1, new Notification());
        return START_NOT_STICKY;
    }
    @Override public IBinder onBind(Intent intent) { return null; }
}
""",
}


def test_the_last_position_in_the_background(adb_server: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    service = '<service android:name=".Route" android:exported="true" android:foregroundServiceType="location"/>'
    text = manifest(PACKAGE, "Main", more=service, permissions=[FINE, COARSE, BACKGROUND])
    device = Handset(*adb_server, tmp_path)

    def says(word: str, seconds: float = 30) -> bool:
        """Whether it is what the app is told from some time on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if [line.split()[-1] for line in device.log("Where")[-3:]] == [word] * 3:
                return True
            time.sleep(0.2)
        return False

    try:
        device.adb("install", str(packed(tmp_path, text, SOURCES)))
        for permission in (FINE, COARSE):
            device.shell(f"pm grant {PACKAGE} android.permission.{permission}")
        device.shell(f"am start -n {PACKAGE}/.Main")
        assert says("here")
        device.shell("input keyevent KEYCODE_HOME")
        assert says("nowhere")
        device.shell(f"am startservice -n {PACKAGE}/.Route")
        assert says("here")
        device.shell(f"am startservice -a stop -n {PACKAGE}/.Route")
        assert says("nowhere")
        device.shell(f"pm grant {PACKAGE} android.permission.{BACKGROUND}")
        assert says("here")
    finally:
        device.close()
