namespace Planton.Server.Tests.Fixture;

/// <summary>File modes in octal, as people write them.</summary>
internal static class FileModes
{
    public static string Of(string path)
    {
        if (!OperatingSystem.IsWindows())
            return Convert.ToString((int)File.GetUnixFileMode(path), 8);
        Assert.Skip("Windows has no file modes");
        return "";
    }

    public static void Set(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        else
            Assert.Skip("Windows has no file modes");
    }
}
