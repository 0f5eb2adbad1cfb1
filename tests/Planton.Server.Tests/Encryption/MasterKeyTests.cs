using System.Security.Cryptography;
using System.Text;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Encryption;

public sealed class MasterKeyTests : IDisposable
{
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("a secret that is long enough to be found");

    private readonly TemporaryFolder _folder = new();
    private readonly MasterKey _key = new(RandomNumberGenerator.GetBytes(32));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void WhatIsSealedOpens(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        Assert.True(_key.TryOpen("purpose", _key.Seal("purpose", plain), out var opened));
        Assert.Equal(plain, opened);
    }

    [Fact]
    public void TheSameTextIsSealedDifferentlyEachTime_AndIsNotInTheBox()
    {
        var (first, second) = (_key.Seal("purpose", Plain), _key.Seal("purpose", Plain));
        Assert.NotEqual(first, second);
        Assert.Equal(-1, first.AsSpan().IndexOf(Plain.AsSpan(0, 8)));
    }

    [Fact]
    public void AnyChangedByteIsNoticed()
    {
        var box = _key.Seal("purpose", Plain);
        for (var place = 0; place < box.Length; place++)
        {
            var altered = box.ToArray();
            altered[place] ^= 1;
            Assert.False(_key.TryOpen("purpose", altered, out var opened), $"byte {place}");
            Assert.Empty(opened);
        }
    }

    [Fact]
    public void AnotherPurposeAnotherKeyAndACutBoxDoNotOpen()
    {
        var box = _key.Seal("purpose", Plain);
        Assert.False(_key.TryOpen("other", box, out _));
        Assert.False(new MasterKey(RandomNumberGenerator.GetBytes(32)).TryOpen("purpose", box, out _));
        for (var length = 0; length < box.Length; length++)
            Assert.False(_key.TryOpen("purpose", box.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void AKeyHas32Bytes(int length) => Assert.Throws<ArgumentException>(() => new MasterKey(new byte[length]));

    [Fact]
    public void TheFileIsMadeOnceForTheOwnerAlone()
    {
        using var data = DataDirectory.Open(_folder.Data);
        var box = MasterKeyFile.LoadOrCreate(data, null).Seal("purpose", Plain);
        Assert.Equal("600", FileModes.Of(data.PathOf("master-key")));
        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(data.PathOf("master-key")).Trim()).Length);
        Assert.True(MasterKeyFile.LoadOrCreate(data, null).TryOpen("purpose", box, out _));
    }

    [Theory]
    [InlineData("640")]
    [InlineData("604")]
    [InlineData("660")]
    public void AFileThatOthersMayReadIsRefusedWithTheCommandThatMendsIt(string mode)
    {
        using var data = DataDirectory.Open(_folder.Data);
        var file = WriteKey(RandomNumberGenerator.GetBytes(32), mode);
        var refused = Assert.Throws<StartupException>(() => MasterKeyFile.LoadOrCreate(data, file));
        Assert.Contains($"chmod 600 {file}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANamedFileIsUsedAndNoneIsMade()
    {
        using var data = DataDirectory.Open(_folder.Data);
        var raw = RandomNumberGenerator.GetBytes(32);
        var key = MasterKeyFile.LoadOrCreate(data, WriteKey(raw, "600"));
        Assert.True(new MasterKey(raw).TryOpen("purpose", key.Seal("purpose", Plain), out _));
        Assert.False(File.Exists(data.PathOf("master-key")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 !")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void WhatIsNoKeyIsRefusedWithoutRepeatingIt(string content)
    {
        using var data = DataDirectory.Open(_folder.Data);
        var file = _folder.File("key");
        File.WriteAllText(file, content);
        FileModes.Set(file, "600");
        var refused = Assert.Throws<StartupException>(() => MasterKeyFile.LoadOrCreate(data, file));
        Assert.Contains("openssl rand -base64 32", refused.Message, StringComparison.Ordinal);
        if (content.Length > 0)
            Assert.DoesNotContain(content, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingNamedFileIsNotMade()
    {
        using var data = DataDirectory.Open(_folder.Data);
        var file = _folder.File("absent");
        Assert.Contains(file, Assert.Throws<StartupException>(() => MasterKeyFile.LoadOrCreate(data, file)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    private string WriteKey(byte[] key, string mode)
    {
        var file = _folder.File("key");
        File.WriteAllText(file, Convert.ToBase64String(key) + "\n");
        FileModes.Set(file, mode);
        return file;
    }
}
