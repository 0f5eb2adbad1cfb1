using Microsoft.Extensions.Logging.Console;

namespace Planton.Server.Hosting;

internal static class ServerLogging
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    // What keeps a server from starting ServerRun says in one line; these would say it before, with pages of stack trace.
    private static readonly string[] ToldByServerRun =
    [
        "Microsoft.Extensions.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.EntityFrameworkCore",
    ];

    // Each would write a request's query into the log: an exec's command is in it, or a key that somebody put there.
    private static readonly string[] TellQueries = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Yarp"];

    /// <summary>One line each on stderr: stdout is for what was asked for.</summary>
    public static void Configure(ILoggingBuilder logging, ServerOptions options, ServerState state)
    {
        logging.SetMinimumLevel(options.LogLevel);
        foreach (var category in TellQueries)
            logging.AddFilter(category, LogLevel.Warning);
        // The framework tells at Information what every request did; that is our audit's and our metrics' work.
        if (options.LogLevel >= LogLevel.Information)
        {
            logging.AddFilter("Microsoft", LogLevel.Warning);
            logging.AddFilter("System", LogLevel.Warning);
            foreach (var category in ToldByServerRun)
                logging.AddFilter(category, level => level >= LogLevel.Warning && state.Current != ServerState.Phase.Starting);
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.JsonLogs)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = TimestampFormat.Trim();
            });
        }
        else
        {
            logging.AddSimpleConsole(line =>
            {
                line.SingleLine = true;
                line.UseUtcTimestamp = true;
                line.TimestampFormat = TimestampFormat;
                line.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
    }
}
