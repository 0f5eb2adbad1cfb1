using Planton.Runner.Logging;
using Planton.Testing.Processes;

namespace Planton.Runner.Tests;

public sealed class SecretMaskerTests
{
    private readonly SecretMasker _masker = new();

    [Theory]
    [InlineData("http://user:p@ss@word@proxy:3128/x", "http://***@proxy:3128/x")]
    [InlineData("socks5://token-only@proxy", "socks5://***@proxy")]
    [InlineData("https://host/path?mail=a@b.test", "https://host/path?mail=a@b.test")]
    [InlineData("https://host?mail=a@b.test", "https://host?mail=a@b.test")]
    [InlineData("mail a@b.test to https://host", "mail a@b.test to https://host")]
    [InlineData("two http://a:b@c and http://d:e@f", "two http://***@c and http://***@f")]
    public void TheUserInfoOfAUrlIsMaskedToItsLastAt(string text, string expected) => Assert.Equal(expected, _masker.Apply(text));

    [Theory]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nbm90LWZvci15b3U=\n-----END RSA PRIVATE KEY-----\nrest")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nbm90LWZvci15b3U=\n-----END EC PRIVATE KEY-----\nrest")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nbm90LWZvci15b3U=\n-----END PRIVATE KEY-----\nrest")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----bm90LWZvci15b3U=-----END OPENSSH PRIVATE KEY-----\nrest")]
    public void APrivateKeyIsMaskedWhole_WhateverItsKindAndHeaders(string text) =>
        Assert.Equal("before ***\nrest", _masker.Apply("before " + text));

    [Fact]
    public void APrivateKeyThatWasCutOffIsMaskedToTheEnd() =>
        Assert.Equal("before ***", _masker.Apply("before -----BEGIN PRIVATE KEY-----\nbm90LWZvci15b3U-and more"));

    [Fact]
    public void TwoKeysAreMaskedEachOnItsOwn()
    {
        const string Key = "-----BEGIN PRIVATE KEY-----\nbm90\n-----END PRIVATE KEY-----";
        Assert.Equal("*** between ***", _masker.Apply($"{Key} between {Key}"));
    }

    [Theory]
    [InlineData("authorization: basic dXNlcjpwYXNz", "authorization: basic ***")]
    [InlineData("Bearer\tabcdefgh1234", "Bearer ***")]
    [InlineData("the bearer of news", "the bearer of news")]
    [InlineData("a Basic idea", "a Basic idea")]
    [InlineData("pck_", "pck_")]
    [InlineData("epck_abc", "epck_***")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "***")]
    [InlineData("token-eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln, and more", "token-***, and more")]
    [InlineData("...eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", "...***")]
    [InlineData("eyJ is not one", "eyJ is not one")]
    [InlineData("api.example.com:6443 of runner.local..", "api.example.com:6443 of runner.local..")]
    public void FormsOfSecretsAreKnownAndOrdinaryWordsAreNot(string text, string expected) => Assert.Equal(expected, _masker.Apply(text));

    [Theory]
    [InlineData("first-half", "first-half-and-second-half")]
    [InlineData("first-half-and-second-half", "first-half")]
    [InlineData("and-second", "first-half-and-second-half")]
    public void ASecretWithinAnotherLeavesNoRestOfTheLongerOne(string one, string other)
    {
        _masker.Add(one);
        _masker.Add(other);
        Assert.Equal("it is ***.", _masker.Apply("it is first-half-and-second-half."));
    }

    [Fact]
    public void ASecretWithTheMaskInItIsStillMasked()
    {
        _masker.Add("***stars***");
        Assert.Equal("x *** y", _masker.Apply("x ***stars*** y"));
    }

    [Fact]
    public void EveryPlaceOfASecretIsMasked_AndOnlyExactCase()
    {
        _masker.Add("correct-horse");
        Assert.Equal("*** *** Correct-Horse x***x", _masker.Apply("correct-horse correct-horse Correct-Horse xcorrect-horsex"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\n\n")]
    [InlineData("1234567")]
    public void WhatIsTooShortToBeASecretGarblesNothing(string? secret)
    {
        _masker.Add(secret);
        Assert.Equal("a 1234567 b", _masker.Apply("a 1234567 b"));
    }

    [Fact]
    public async Task SecretsMayBeAddedWhileOthersAreMasked()
    {
        var cancel = TestContext.Current.CancellationToken;
        _masker.Add("the-first-secret");
        var adding = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
                _masker.Add($"another-secret-{i:000}");
        }, cancel);
        while (!adding.IsCompleted)
            Assert.Equal("a *** b", _masker.Apply("a the-first-secret b"));
        await adding;
        Assert.Equal("***", _masker.Apply("another-secret-199"));
    }

    // Eight times the text takes about eight times as long; 64 times, if the rest of it were read again from each beginning of a secret.
    [Theory]
    [InlineData("a-")]
    [InlineData("eyJ-")]
    [InlineData("eyJhbGciOiJ-.")]
    [InlineData("Bearer ")]
    [InlineData("a://")]
    [InlineData("a://b:")]
    [InlineData("-----BEGIN ")]
    public void TheTimeGrowsWithTheLengthOfALine_NotWithItsSquare(string beginning)
    {
        var (few, many) = (Repeat(5_000), Repeat(40_000));
        var rounds = Enumerable.Range(0, 4).Select(_ => (Few: CpuTimeOfMasking(few), Many: CpuTimeOfMasking(many))).ToList();
        Assert.InRange(rounds.Min(r => r.Many) / rounds.Min(r => r.Few), 0, 24);

        string Repeat(int count) => string.Concat(Enumerable.Repeat(beginning, count));

        // Elapsed time would include other processes.
        double CpuTimeOfMasking(string text)
        {
            var began = ThreadClock.CpuTime;
            _masker.Apply(text);
            return (ThreadClock.CpuTime - began).TotalMilliseconds;
        }
    }

    [Fact]
    public void WhatIsHeld_IsMaskedUntilTheLastOfItsHoldersIsDone()
    {
        var one = _masker.Hold("held-secret-value", null, "-----BEGIN X-----\nfirst-line-of-key\n-----END X-----");
        var two = _masker.Hold("held-secret-value");

        Assert.Equal("*** ***", _masker.Apply("held-secret-value first-line-of-key"));
        one.Dispose();
        one.Dispose();
        Assert.Equal("*** first-line-of-key", _masker.Apply("held-secret-value first-line-of-key"));
        two.Dispose();
        Assert.Equal("held-secret-value", _masker.Apply("held-secret-value"));
    }

    [Fact]
    public void WhatIsRememberedForGood_StaysMaskedWhenAHolderIsDone()
    {
        _masker.Add("remembered-secret");
        _masker.Hold("remembered-secret").Dispose();
        Assert.Equal("***", _masker.Apply("remembered-secret"));
    }
}
