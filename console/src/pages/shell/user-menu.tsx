/** Who is signed in: theme, password, sign-out. */
import { Avatar, Group, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import {
  IconDeviceDesktop,
  IconLock,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { signOut } from '../../api/account.ts'
import type { Me } from '../../api/account.ts'
import { endUpload } from '../../api/current-upload.ts'
import { ChangePassword } from '../../forms/change-password.tsx'
import classes from './shell.module.css'

const THEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const

export function UserMenu({ me }: { readonly me: Me }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [changesPassword, setChangesPassword] = useState(false)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    endUpload()
    await signOut().catch(() => undefined) // a session that has ended is what is wanted
    await navigate({ to: '/sign-in' })
    queries.clear()
  }
  return (
    <>
      <Menu position="top-start" width={220}>
        <Menu.Target>
          <UnstyledButton className={classes['account'] ?? ''} aria-label={`User menu: ${me.name}`}>
            <Group gap="xs" wrap="nowrap">
              <Avatar size={32} radius="xl" color="gate" name={me.name} aria-hidden />
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text size="sm" fw={500} truncate>
                  {me.name}
                </Text>
                <Text size="xs" c="dimmed" truncate>
                  {me.role}
                </Text>
              </div>
              <IconSelector size={16} aria-hidden />
            </Group>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Theme</Menu.Label>
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(value) => {
              const theme = THEMES.find((one) => one.value === value)
              if (theme) setColorScheme(theme.value)
            }}
          >
            {THEMES.map(({ value, label, icon: Symbol }) => (
              <Menu.RadioItem
                key={value}
                value={value}
                rightSection={<Symbol size={16} aria-hidden />}
              >
                {label}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLock size={16} aria-hidden />}
            onClick={() => setChangesPassword(true)}
          >
            Change password
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => void leave()}
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {changesPassword && (
        <ChangePassword userName={me.name} onClose={() => setChangesPassword(false)} />
      )}
    </>
  )
}
