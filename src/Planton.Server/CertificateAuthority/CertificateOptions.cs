namespace Planton.Server.CertificateAuthority;

/// <summary>How long certificates live.</summary>
internal sealed record CertificateOptions
{
    /// <summary>Of a runner's certificate, and of the server's own.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of a runner's certificate, where that is another; for tests, whose runners renew within seconds.</summary>
    public TimeSpan? RunnerLifetime { get; init; }

    /// <summary>Of the authority.</summary>
    public TimeSpan AuthorityLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>How far back certificates begin: a peer whose clock is slow by less than this takes them.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What a lifetime that is asked for must be longer than <see cref="ClockSkew"/> by, for its runner to come to use it at all.</summary>
    public TimeSpan LeastUse { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest lifetime that may be asked for.</summary>
    public TimeSpan LongestLifetime { get; init; } = TimeSpan.FromDays(397);

    /// <summary>How often the database is asked whether an authority was added or retired.</summary>
    public TimeSpan AuthorityInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>When the authority changes, connected runners renew within this time, each at a moment drawn for it.</summary>
    public TimeSpan RotationSpread { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often one runner may ask for a certificate within a minute, with all its replicas.</summary>
    public int RenewalsPerMinute { get; init; } = 40;

    /// <summary>The most certificates of one credential that are good at the same time.</summary>
    public int MaxLiveCertificates { get; init; } = 256;

    /// <summary>The share of its life after which the server's own certificate is made anew.</summary>
    public double RenewAfter { get; init; } = 2.0 / 3;
}
