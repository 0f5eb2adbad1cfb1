namespace Planton.Server.CertificateAuthority;

/// <summary>How long certificates live.</summary>
internal sealed record CertificateOptions
{
    /// <summary>Of a runner's certificate, and of the server's own.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of the authority.</summary>
    public TimeSpan AuthorityLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>How far back certificates begin: a peer whose clock is slow by less than this takes them.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The share of its life after which the server's own certificate is made anew.</summary>
    public double RenewAfter { get; init; } = 2.0 / 3;
}
