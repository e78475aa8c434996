/** Choosing a password: the rules are told before it is refused, and show when they are met. */
import { Group, PasswordInput, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck, IconPoint } from '@tabler/icons-react'

const PASSWORD_LENGTH_MIN = 12

interface NewPasswordProps {
  readonly label: string
  readonly userName: string
  readonly value: string
  readonly repeated: string
  readonly onChange: (value: string) => void
  readonly onRepeat: (value: string) => void
  /** What the gateway said of it. */
  readonly error: string | undefined
}

/** Mirrors the gateway's rules; the gateway decides. */
function passwordRules(password: string, userName: string, isRefused: boolean) {
  const lower = password.toLowerCase()
  const name = userName.trim().toLowerCase()
  return [
    {
      text: `at least ${PASSWORD_LENGTH_MIN} characters; a few unrelated words are good`,
      met: password.length >= PASSWORD_LENGTH_MIN,
    },
    {
      text: 'not your user name, and nothing as common as “password1234”',
      met:
        !isRefused &&
        password !== '' &&
        new Set(lower).size > 4 &&
        (name === '' || !lower.includes(name)),
    },
  ]
}

export function NewPassword(props: NewPasswordProps) {
  const { label, userName, value, repeated, onChange, onRepeat, error } = props
  const differs = repeated !== '' && !value.startsWith(repeated) && repeated !== value
  return (
    <Stack gap="sm">
      <PasswordInput
        label={label}
        autoComplete="new-password"
        value={value}
        error={error}
        aria-invalid={error !== undefined}
        aria-describedby="password-rules"
        onChange={(event) => onChange(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        required
        withAsterisk={false}
      />
      <Stack id="password-rules" gap={6}>
        {passwordRules(value, userName, error !== undefined).map(({ text, met }) => (
          <Group key={text} gap={8} wrap="nowrap" align="flex-start">
            <ThemeIcon size={16} radius="xl" variant="light" color={met ? 'teal' : 'gray'}>
              {met ? (
                <IconCheck size={11} aria-label="met:" />
              ) : (
                <IconPoint size={11} aria-hidden />
              )}
            </ThemeIcon>
            <Text size="xs" c="dimmed" lh={1.35}>
              {text}
            </Text>
          </Group>
        ))}
      </Stack>
      <PasswordInput
        label="Repeat the password"
        autoComplete="new-password"
        value={repeated}
        error={differs ? 'The two passwords differ.' : undefined}
        onChange={(event) => onRepeat(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the repeated password' }}
        required
        withAsterisk={false}
      />
    </Stack>
  )
}

/** Whether it is worth sending; the gateway decides. */
export function mayUsePassword(password: string, repeated: string): boolean {
  return password.length >= PASSWORD_LENGTH_MIN && password === repeated
}
