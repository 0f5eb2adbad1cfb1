using System.Globalization;
using System.Text.RegularExpressions;
using Planton.Testing.Logging;

namespace Planton.Server.Tests.Gateway;

/// <summary>The server's last line.</summary>
internal static class StopLog
{
    /// <summary>How long the stop took, and how many operations it aborted.</summary>
    public static (double Seconds, int Aborted) Read(TestLogs logs)
    {
        var match = Regex.Match(logs.Text, @"Stopped after (\d+\.\d) s; (\d+) operations aborted");
        Assert.True(match.Success, "the log does not say how long the stop took");
        return (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }
}
