using System.Runtime.InteropServices;

namespace Planton.Testing.Processes;

/// <summary>How long the current thread has run on a processor. It stands still while other threads and processes run.</summary>
public static class ThreadClock
{
    private const int LinuxThreadCpuTime = 3;
    private const int MacThreadCpuTime = 16;

    /// <summary>The CPU time of the calling thread; on Windows the time that passed.</summary>
    public static TimeSpan CpuTime
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return TimeProvider.System.GetElapsedTime(0);
            if (GetTime(OperatingSystem.IsMacOS() ? MacThreadCpuTime : LinuxThreadCpuTime, out var time) != 0)
                throw new InvalidOperationException($"clock_gettime failed: {Marshal.GetLastPInvokeErrorMessage()}");
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
