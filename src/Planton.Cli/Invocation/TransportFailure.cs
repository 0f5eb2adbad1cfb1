using System.Net.Sockets;
using System.Security.Authentication;

namespace Planton.Cli.Invocation;

/// <summary>Says what to check when there was no answer.</summary>
internal static class TransportFailure
{
    public static CliError ToError(HttpRequestException failure, Uri server)
    {
        var url = server.GetLeftPart(UriPartial.Authority);
        return failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new($"{url} cannot be reached: the name {server.Host} is not known to DNS", "Check the server's address (--server, PLANTON_SERVER)."),
            HttpRequestError.SecureConnectionError => new($"{url} is not trusted: {Innermost(failure)}", "If the server has a private certificate authority: planton auth login --server URL --ca-file FILE."),
            HttpRequestError.ConnectionError when IsRefused(failure) => new($"{url} refused the connection", "Check that the server runs and that its address and port are right (--server, PLANTON_SERVER)."),
            _ => new($"{url} cannot be reached: {Innermost(failure)}", "Check the network, the server's address (--server, PLANTON_SERVER) and any proxy in between."),
        };
    }

    private static bool IsRefused(Exception failure) =>
        failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner and not AuthenticationException { InnerException: null })
            failure = inner;
        return failure.Message;
    }
}
