namespace Planton.Server.Routing;

/// <summary>What became of an attempt to send an operation over one tunnel.</summary>
internal enum Sent
{
    /// <summary>The answer came, whatever it says, or the request broke off through its sender and has its answer here.</summary>
    Answered,

    /// <summary>The tunnel was closed before the request was sent: another tunnel may be tried.</summary>
    NotSent,

    /// <summary>The tunnel broke after the request was sent and before an answer came: it may have run.</summary>
    Lost,

    /// <summary>The client went away, or the answer broke off after it had begun: there is nobody, or nothing more, to tell.</summary>
    Over,
}
