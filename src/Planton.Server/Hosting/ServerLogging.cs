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

    /// <summary>One line each on stderr: stdout is for what was asked for.</summary>
    public static void Configure(ILoggingBuilder logging, ServerOptions options, ServerState state)
    {
        logging.SetMinimumLevel(options.LogLevel);
        // The framework tells at Information what every request did; that is our audit's and our metrics' work.
        if (options.LogLevel >= LogLevel.Information)
        {
            logging.AddFilter("Microsoft", LogLevel.Warning);
            logging.AddFilter("System", LogLevel.Warning);
            logging.AddFilter("Yarp", LogLevel.Warning);
            // The framework's own two lines for each key that is refused: AuthenticationFailures counts them.
            logging.AddFilter(typeof(ApiKeys.ApiKeyAuthenticationHandler).FullName, LogLevel.Warning);
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
